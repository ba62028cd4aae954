import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { findMoto } from '@swath/aws/testing/servers';
import { type RunReport, runSpec } from '@swath/products';
import { goodTiff } from '@swath/uploads/world.fixture';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { repository } from '../../lib/bundling/options.ts';
import { tinyCollection, writeTinyCatalogue } from '../support/tiny-catalogue.ts';
import { actionsOf, summaryOf } from './support/actions.ts';
import { bringFile } from './support/bring-file.ts';
import { itemsOf } from './support/catalogue-server.ts';
import { callApi, pump } from './support/events.ts';
import { serveGateway } from './support/gateway.ts';
import { type Machine, startMachine } from './support/machine.ts';
import { compare } from './support/policy.ts';
import { type Reserve, reserve, rulesFor } from './support/reserve.ts';

const run = promisify(execFile);
const LONG_MS = 180_000;
/** Looks at all queues and jobs until a request has ended: each stage takes a few. */
const TURNS_MAX = 60;

const moto = findMoto();
const scratch = mkdtempSync(join(tmpdir(), 'swath-running-'));
const catalogue = join(scratch, 'catalogue');
const caller = { project: 'p1', roles: 'viewer,requester' };
const spec = { datetime: '2024-06-01/2024-06-30', aoi: [4.4, 52.3, 4.7, 52.4], pipeline: { index: 'NDVI' } };
const order = { ...spec, provider: 'tiny', collections: [tinyCollection] };

const requestView = z.looseObject({ id: z.string(), state: z.string(), failure: z.unknown().optional() });
const listView = z.looseObject({ requests: z.array(requestView) });
const resultsView = z.looseObject({
  products: z.array(
    z.looseObject({
      label: z.string(),
      sha256: z.string(),
      assets: z.record(z.string(), z.looseObject({ href: z.string(), sha256: z.string() })),
    }),
  ),
});

const tileJson = z.looseObject({
  tiles: z.array(z.string()),
  center: z.tuple([z.number(), z.number(), z.int()]),
});

let machine: Machine;
const published: z.output<typeof resultsView>['products'] = [];
/** The same request without services. */
let alone: RunReport;

describe.skipIf(moto === undefined)('the stacks, run from what they synthesise', { timeout: LONG_MS }, () => {
  beforeAll(async () => {
    mkdirSync(catalogue);
    await writeTinyCatalogue(catalogue, ['2024-06-01', '2024-06-11', '2024-07-01']);
    const items = join(scratch, 'items.json');
    writeFileSync(
      items,
      JSON.stringify({ type: 'FeatureCollection', features: itemsOf(catalogue, catalogue) }),
    );
    alone = await runSpec({
      spec: { ...spec, items: [items] },
      baseFolder: scratch,
      outDir: join(scratch, 'alone'),
    });
    machine = await startMachine({ moto: moto ?? '', scratch, catalogue, acquire: 'copy' });
  }, LONG_MS);
  afterAll(async () => {
    await machine?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const api = () => machine.lambdas.get('api') ?? expect.fail('no api');
  const stateOf = async (id: string, owner: typeof caller) => {
    const answer = await callApi(api(), 'GET', `/requests/${id}`, { caller: owner });
    expect(answer.status, answer.body).toBe(200);
    return requestView.parse(JSON.parse(answer.body));
  };
  /** Turns until the request has one of the states. */
  const until = async (id: string, states: readonly string[], owner = caller) => {
    const seen = new Set<string>();
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const { state, failure } = await stateOf(id, owner);
      seen.add(state);
      if (states.includes(state)) return seen;
      if (['failed', 'expired'].includes(state))
        expect.fail(`${state}: ${JSON.stringify(failure)}; ${everyOutput()}`);
      await machine.turn();
    }
    return expect.fail(`not ${states} after ${[...seen]}: ${everyOutput()}`);
  };
  const everyOutput = () =>
    [...machine.lambdas.values()].map((lambda) => lambda.output().slice(-1_500)).join('\n') +
    machine.jobs.map((job) => job.output.slice(-1_500)).join('\n');

  it('let nobody in whom no authorizer knows', async () => {
    expect((await callApi(api(), 'POST', '/requests', { body: order })).status).toBe(401);
    const viewer = { project: 'p1', roles: 'viewer' };
    expect((await callApi(api(), 'POST', '/requests', { body: order, caller: viewer })).status).toBe(403);
  });

  it('take a request from POST to published results with the bytes of `swath run`', async () => {
    const posted = await callApi(api(), 'POST', '/requests', { body: order, caller });
    expect(posted.status, posted.body).toBe(201);
    const { id } = requestView.parse(JSON.parse(posted.body));
    await until(id, ['succeeded']);

    expect(machine.jobs.map(({ name }) => name)).toEqual(
      ['acquire', 'process', 'publish'].map((stage) => `${id}-1-${stage}`),
    );
    expect(machine.jobs.flatMap(({ exitCodes }) => exitCodes)).toEqual([0, 0, 0, 0]);

    const answer = await callApi(api(), 'GET', `/requests/${id}/results`, { caller });
    const { products } = resultsView.parse(JSON.parse(answer.body));
    expect(products.map(({ label }) => label)).toEqual(alone.results.map(({ label }) => label));
    expect(products.length).toBe(2);
    published.push(...products);
    for (const [index, product] of products.entries()) {
      const same = alone.results[index] ?? expect.fail('no such product');
      expect(product.sha256).toBe(same.sha256);
      const read = (name: string) => download(product.assets[name]?.href ?? '');
      expect(
        createHash('sha256')
          .update(await read('cog'))
          .digest('hex'),
      ).toBe(same.sha256);
      const item = JSON.parse((await read('item')).toString('utf8'));
      const sameItem = JSON.parse(readFileSync(same.files.item, 'utf8'));
      expect(whatItSays(item)).toEqual(whatItSays(sameItem));
      expect(JSON.parse((await read('statistics')).toString('utf8'))).toEqual(
        JSON.parse(readFileSync(same.files.statistics, 'utf8')),
      );
      expect(await read('thumbnail')).toEqual(readFileSync(same.files.thumbnail));
    }
  });

  it('draw tiles and pictures of the results, for the project that may see them', async () => {
    const image = machine.lambdas.get('image') ?? expect.fail('no image handler');
    const { assets } = published[0] ?? expect.fail('nothing was published');
    // `/results/<content key>/<name>/<file>`
    const of = new URL(assets['cog']?.href ?? '').pathname
      .replace('/results/', '/tiles/')
      .replace(/\/[^/]*$/, '');
    const about = await callApi(image, 'GET', `${of}/tilejson.json`, { caller });
    expect(about.status, about.body).toBe(200);
    const { tiles, center } = tileJson.parse(JSON.parse(about.body));
    const [lon, lat, z] = center;
    const address = new URL(tiles[0] ?? '').pathname;
    const [x, y] = tileAt(lon, lat, z);
    const path = decodeURIComponent(address)
      .replace('{z}', String(z))
      .replace('{x}', String(x))
      .replace('{y}', String(y));
    const tile = await callApi(image, 'GET', path, { caller });
    expect(tile.status, tile.body).toBe(200);
    expect(await sharp(tile.bytes).metadata()).toMatchObject({ format: 'png', width: 256, height: 256 });
    const preview = await callApi(image, 'GET', `${of}/preview?max_size=64&format=webp`, { caller });
    expect(preview.status, preview.body).toBe(200);
    expect((await sharp(preview.bytes).metadata()).format).toBe('webp');
    const stranger = await callApi(image, 'GET', path, { caller: { project: 'p2', roles: 'admin' } });
    expect(stranger.status).toBe(404);
  });

  it('take a file by links, check it, draw it, and compute with it', async () => {
    const image = machine.lambdas.get('image') ?? expect.fail('no image handler');
    const owner = { ...caller, project: 'p3' };
    const file = { fileName: 'field.tif', collection: 'fields', datetime: '2024-06-01' };
    const bytes = Uint8Array.from(goodTiff());
    const { id, state, item, refusal } = await bringFile(machine, owner, { ...file, bytes });
    expect([state, refusal]).toEqual(['registered', null]);
    const there = `/tiles/fields/${item?.id}/preview?max_size=64`;
    const picture = await callApi(image, 'GET', there, { caller: owner });
    expect([picture.status, (await sharp(picture.bytes).metadata()).format]).toEqual([200, 'png']);
    expect((await callApi(image, 'GET', there, { caller })).status).toBe(404);
    const body = { pipeline: { expression: 'b1 * 2' }, mask: 'none', aoi: [4.46, 52.33, 4.48, 52.35] };
    const found = { ...body, provider: 'uploads', collections: ['fields'], datetime: '2024-06-01' };
    const live = await callApi(image, 'POST', '/preview?width=64', { body: found, caller: owner });
    expect(live.status, live.body).toBe(200);

    const named = { ...body, items: [`uploads:fields/${item?.id}`] };
    const posted = await callApi(api(), 'POST', '/requests', { body: named, caller: owner });
    expect(posted.status, posted.body).toBe(201);
    const { id: request } = requestView.parse(JSON.parse(posted.body));
    await until(request, ['succeeded'], owner);
    const strange = await callApi(api(), 'POST', '/requests/plan', { body: named, caller });
    expect([strange.status, strange.body]).toEqual([400, expect.stringContaining('has no Item')]);

    const kept = await callApi(api(), 'GET', `/uploads/${id}/field.tif`, { caller: owner });
    expect(kept.status).toBe(302);
    const again = await fetch(kept.headers['location'] ?? '');
    expect(Buffer.from(await again.arrayBuffer()).equals(bytes)).toBe(true);
    const refused = await bringFile(machine, owner, {
      ...file,
      bytes: Uint8Array.from(bytes.subarray(0, 99)),
    });
    expect(refused).toMatchObject({ state: 'refused', refusal: { fix: expect.any(String) } });
    expect((await callApi(api(), 'DELETE', `/uploads/${id}`, { caller: owner })).status).toBe(204);
    expect((await fetch(kept.headers['location'] ?? '')).status).toBe(404);
  });

  it('read tokens before anybody else does', async () => {
    const authorizer = machine.lambdas.get('authorizer') ?? expect.fail('no authorizer');
    const answer = await authorizer.invoke({ version: '2.0', identitySource: ['Bearer none'] });
    expect(answer).toEqual({ isAuthorized: true, context: { refusal: expect.any(String) } });
  });

  it('leave the files of today alone when they merge', async () => {
    const merged = await machine.lambdas.get('compact')?.invoke({ source: 'aws.events' });
    expect(merged).toMatchObject({ failed: 0, removed: 0 });
  });

  it('answer the same request again at once, from what is there', async () => {
    const before = machine.jobs.length;
    const posted = await callApi(api(), 'POST', '/requests', { body: { ...order, name: 'again' }, caller });
    const { id } = requestView.parse(JSON.parse(posted.body));
    await until(id, ['succeeded']);
    expect(machine.jobs.length).toBe(before);
  });

  it('keep what a queue brings and nobody can read, and do what came with it', async () => {
    const feed = machine.feeds.get('order') ?? expect.fail('no queue of orders');
    const { sqs } = machine.account.clients;
    await sqs.send(new SendMessageCommand({ QueueUrl: feed.queueUrl, MessageBody: 'no JSON' }));
    expect(await pump(sqs, feed)).toEqual({ taken: 1, failed: 1 });
    // It is shown again after six times the function's time-out, and five times in all.
    expect(await pump(sqs, feed)).toEqual({ taken: 0, failed: 0 });
  });

  it('sweep, and cancel what nobody waits for', async () => {
    const posted = await callApi(api(), 'POST', '/requests', {
      body: { ...order, datetime: '2024-07-01/2024-07-02' },
      caller,
    });
    const { id } = requestView.parse(JSON.parse(posted.body));
    const swept = await machine.lambdas.get('reconcile')?.invoke({ source: 'aws.scheduler' });
    expect(swept).toMatchObject({});
    const cancelled = await callApi(api(), 'POST', `/requests/${id}/cancel`, { caller });
    expect(cancelled.status, cancelled.body).toBeLessThan(300);
    await until(id, ['cancelled']);
  });

  it('list the requests of a project, and of no other', async () => {
    const list = async (project: string) => {
      const answer = await callApi(api(), 'GET', '/requests', { caller: { ...caller, project } });
      return listView.parse(JSON.parse(answer.body)).requests.map(({ state }) => state);
    };
    expect(await list('p1')).toEqual(['cancelled', 'succeeded', 'succeeded']);
    expect(await list('p2')).toEqual([]);
  });

  it('serve the `swath` command with SWATH_URL and SWATH_TOKEN, and nobody without', async () => {
    const gateway = await serveGateway({ api: api(), token: 'a-token', caller });
    const swath = (token: string, ...args: readonly string[]) =>
      run(process.execPath, [join(repository, 'packages/cli/src/main.ts'), ...args, '--json'], {
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: scratch,
          SWATH_URL: gateway.url,
          SWATH_TOKEN: token,
          NODE_NO_WARNINGS: '1',
        },
      });
    try {
      const listed = await swath('a-token', 'requests');
      expect(listed.stderr).toBe('');
      expect(listed.stdout).toContain('"succeeded"');
      const file = join(scratch, 'order.json');
      writeFileSync(file, JSON.stringify({ ...order, name: 'by the command' }));
      const sent = await swath('a-token', 'submit', file);
      await until(requestView.parse(JSON.parse(sent.stdout)).id, ['succeeded']);
      await expect(swath('another', 'requests')).rejects.toMatchObject({ code: 4 });
    } finally {
      await gateway.close();
    }
  });

  it('call nothing that their roles do not allow, and are allowed what they do not call for a reason', () => {
    const covering = new Set<Reserve>();
    const table: string[] = [];
    const wrong: string[] = [];
    for (const [name, { calls }] of machine.recorders) {
      const used = calls.flatMap(actionsOf);
      table.push(name, ...summaryOf(used));
      const role = machine.permissions.get(name) ?? expect.fail(`${name} has no role`);
      const { missing, unused } = compare(used, role);
      wrong.push(...missing.map(({ action, resource }) => `${name} is not allowed ${action} on ${resource}`));
      for (const permission of unused) {
        const rules = rulesFor(name, permission);
        if (rules.length === 0) {
          wrong.push(`${name} never used ${permission.action} on ${permission.resource}`);
        }
        for (const rule of rules) covering.add(rule);
      }
    }
    console.info(`actions that were called\n${table.join('\n')}`);
    expect(wrong).toEqual([]);
    expect(reserve.filter((rule) => !covering.has(rule)).map(({ because }) => because)).toEqual([]);
  });

  async function download(href: string): Promise<Buffer> {
    // The API's address is API Gateway's: the path is what it would be asked for.
    const answer = await callApi(api(), 'GET', new URL(href).pathname, { caller });
    expect(answer.status, answer.body).toBe(302);
    const location = answer.headers['location'] ?? '';
    const response = await fetch(location);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  }
});

/** Column and row of the tile of Web Mercator that holds a place. */
function tileAt(lon: number, lat: number, zoom: number): readonly [number, number] {
  const across = 2 ** zoom;
  const fi = (lat * Math.PI) / 180;
  const down = (1 - Math.asinh(Math.tan(fi)) / Math.PI) / 2;
  return [Math.floor(((lon + 180) / 360) * across), Math.floor(down * across)];
}

const itemShape = z.looseObject({
  properties: z.looseObject({}),
  assets: z.record(z.string(), z.looseObject({ href: z.string() })),
});

/** An Item without when it was made, where files lie, and the content key, which knows where the scenes came from. */
function whatItSays(value: unknown): object {
  const { properties, assets, links: _, id: _id, ...item } = itemShape.parse(value);
  const kept = Object.entries(properties).filter(
    ([name]) => !['created', 'updated', 'swath:content_key'].includes(name),
  );
  return {
    ...item,
    properties: Object.fromEntries(kept),
    assets: Object.fromEntries(
      Object.entries(assets).map(([key, { href: _href, ...asset }]) => [key, asset]),
    ),
  };
}

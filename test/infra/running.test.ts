import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { findMoto } from '@swath/aws/testing/servers';
import { type RunReport, runSpec } from '@swath/products';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { repository } from '../../lib/bundling/options.ts';
import { tinyCollection, writeTinyCatalogue } from '../support/tiny-catalogue.ts';
import { region } from './support/account.ts';
import { actionsOf, summaryOf } from './support/actions.ts';
import { type Call, callers, takenBy } from './support/callers.ts';
import { itemsOf } from './support/catalogue-server.ts';
import { deviceSuite } from './support/device-suite.ts';
import { pump } from './support/events.ts';
import { openGateway, serveGateway } from './support/gateway.ts';
import { heardSuite } from './support/heard-suite.ts';
import { startIssuer, type TestIssuer } from './support/issuer.ts';
import { type Machine, startMachine } from './support/machine.ts';
import { compare } from './support/policy.ts';
import { relaySuite } from './support/relay-suite.ts';
import { type Reserve, reserve, rulesFor } from './support/reserve.ts';
import { tileAt, whatItSays } from './support/results.ts';
import { tableSuite } from './support/table-suite.ts';
import { type TokenWorld, tokenSuite } from './support/token-suite.ts';
import { uploadSuite } from './support/upload-suite.ts';
import {
  fetchedView,
  listView,
  requestView,
  resultsView,
  statisticsView,
  tileJson,
} from './support/views.ts';

const run = promisify(execFile);
const LONG_MS = 180_000;
/** Looks at all queues and jobs until a request has ended: each stage takes a few. */
const TURNS_MAX = 60;

const moto = findMoto();
const scratch = mkdtempSync(join(tmpdir(), 'swath-running-'));
const catalogue = join(scratch, 'catalogue');
/** Groups of who calls, where a test says nothing else. */
const caller: readonly string[] = ['viewer', 'requester', 'project:p1'];
const zone = (id: string, west: number, south: number, east: number, north: number) => ({
  type: 'Feature',
  id,
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  },
});
const zones = {
  type: 'FeatureCollection',
  features: [zone('field', 4.47, 52.335, 4.475, 52.34), zone('all', 4.3, 52.2, 4.8, 52.5)],
};
const spec = {
  datetime: '2024-06-01/2024-06-30',
  aoi: [4.4, 52.3, 4.7, 52.4],
  pipeline: { index: 'NDVI' },
  zones,
};
const order = { ...spec, provider: 'tiny', collections: [tinyCollection] };

let machine: Machine;
let issuer: TestIssuer;
let world: TokenWorld;
let tokenOf: (groups: readonly string[]) => Promise<string>;
let call: (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  how?: Call,
) => ReturnType<ReturnType<typeof callers>['call']>;
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
    issuer = await startIssuer(
      `cognito-idp.${region}.amazonaws.com`,
      `*.auth.${region}.amazoncognito.com`,
      scratch,
    );
    const { variables: surroundings } = issuer;
    machine = await startMachine({ moto: moto ?? '', scratch, catalogue, acquire: 'copy', surroundings });
    const gateway = openGateway(machine, `abc123.execute-api.${region}.amazonaws.com`);
    world = { gateway, issuer, taken: takenBy(machine), order };
    ({ call, tokenOf } = callers(gateway, issuer, world.taken));
  }, LONG_MS);
  afterAll(async () => {
    await machine?.close();
    await issuer?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const stateOf = async (id: string, as: readonly string[]) => {
    const answer = await call('GET', `/requests/${id}`, { as });
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
    expect((await call('POST', '/requests', { body: order })).status).toBe(401);
    expect((await call('POST', '/requests', { body: order, as: ['viewer', 'project:p1'] })).status).toBe(403);
  });

  it('take a request from POST to published results with the bytes of `swath run`', async () => {
    const posted = await call('POST', '/requests', { body: order, as: caller });
    expect(posted.status, posted.body).toBe(201);
    const { id } = requestView.parse(JSON.parse(posted.body));
    await until(id, ['succeeded']);

    expect(machine.jobs.map(({ name }) => name)).toEqual(
      ['acquire', 'process', 'publish'].map((stage) => `${id}-1-${stage}`),
    );
    // Two chunks of a second or so are one child's work.
    expect(machine.jobs.flatMap(({ exitCodes }) => exitCodes)).toEqual([0, 0, 0]);

    const answer = await call('GET', `/requests/${id}/results`, { as: caller });
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
      expect((await read('zones')).toString('utf8')).toBe(readFileSync(same.files.zones ?? '', 'utf8'));
    }
    const rows = await call('GET', `/requests/${id}/statistics?band=ndvi`, { as: caller });
    expect(rows.status, rows.body).toBe(200);
    const found = statisticsView.parse(JSON.parse(rows.body)).rows;
    expect(found.map((row) => row.zone)).toEqual(['whole', 'field', 'all', 'whole', 'field', 'all']);
    expect(found[2]).toMatchObject({ count: found[0]?.count, mean: found[0]?.mean });
    expect(found[1]?.count).toBeGreaterThan(100);
  });

  it('draw tiles and pictures of the results, for the project that may see them', async () => {
    const { assets } = published[0] ?? expect.fail('nothing was published');
    // `/results/<content key>/<name>/<file>`
    const of = new URL(assets['cog']?.href ?? '').pathname
      .replace('/results/', '/tiles/')
      .replace(/\/[^/]*$/, '');
    const about = await call('GET', `${of}/tilejson.json`, { as: caller });
    expect(about.status, about.body).toBe(200);
    const { tiles, center } = tileJson.parse(JSON.parse(about.body));
    const [lon, lat, z] = center;
    const address = new URL(tiles[0] ?? '').pathname;
    const [x, y] = tileAt(lon, lat, z);
    const path = decodeURIComponent(address)
      .replace('{z}', String(z))
      .replace('{x}', String(x))
      .replace('{y}', String(y));
    const tile = await call('GET', path, { as: caller });
    expect(tile.status, tile.body).toBe(200);
    expect(await sharp(tile.bytes).metadata()).toMatchObject({ format: 'png', width: 256, height: 256 });
    const preview = await call('GET', `${of}/preview?max_size=64&format=webp`, { as: caller });
    expect(preview.status, preview.body).toBe(200);
    expect((await sharp(preview.bytes).metadata()).format).toBe('webp');
    const stranger = await call('GET', path, { as: ['admin', 'project:p2'] });
    expect(stranger.status).toBe(404);
  });

  uploadSuite(() => ({ machine, call, until, caller }));

  tableSuite(() => ({ call, until, zones }));

  tokenSuite(() => world);

  deviceSuite(() => ({ machine, ...world }));

  it('leave the files of today alone when they merge', async () => {
    const merged = await machine.lambdas.get('compact')?.invoke({ source: 'aws.events' });
    expect(merged).toMatchObject({ failed: 0, removed: 0 });
  });

  it('answer the same request again at once, from what is there', async () => {
    const before = machine.jobs.length;
    const posted = await call('POST', '/requests', { body: { ...order, name: 'again' }, as: caller });
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
    const posted = await call('POST', '/requests', {
      body: { ...order, datetime: '2024-07-01/2024-07-02' },
      as: caller,
    });
    const { id } = requestView.parse(JSON.parse(posted.body));
    const swept = await machine.lambdas.get('reconcile')?.invoke({ source: 'aws.scheduler' });
    expect(swept).toMatchObject({});
    const cancelled = await call('POST', `/requests/${id}/cancel`, { as: caller });
    expect(cancelled.status, cancelled.body).toBeLessThan(300);
    await until(id, ['cancelled']);
  });

  it('list the requests of a project, and of no other', async () => {
    const list = async (project: string) => {
      const answer = await call('GET', '/requests', { as: ['viewer', `project:${project}`] });
      return listView.parse(JSON.parse(answer.body)).requests.map(({ state }) => state);
    };
    expect(await list('p1')).toEqual(['cancelled', 'succeeded', 'succeeded']);
    expect(await list('p2')).toEqual([]);
  });

  it('serve the `swath` command with SWATH_URL and SWATH_TOKEN, down to the bytes, and nobody without', async () => {
    const served = await serveGateway(machine, issuer.certificate);
    const token = await tokenOf(caller);
    const swath = async (as: string, ...args: readonly string[]) => {
      const command = [join(repository, 'packages/cli/src/main.ts'), ...args, '--json'];
      const env = {
        PATH: process.env['PATH'] ?? '',
        HOME: scratch,
        SWATH_URL: served.url,
        SWATH_TOKEN: as,
        NODE_EXTRA_CA_CERTS: issuer.certificate.certFile,
        NODE_NO_WARNINGS: '1',
      };
      const { stdout } = await run(process.execPath, command, { env });
      return JSON.parse(stdout);
    };
    try {
      const file = join(scratch, 'order.json');
      writeFileSync(file, JSON.stringify({ ...order, name: 'by the command' }));
      const { id } = requestView.parse(await swath(token, 'submit', file));
      await until(id, ['succeeded']);
      const { requests } = listView.parse(await swath(token, 'requests'));
      expect(requests[0]).toMatchObject({ id, state: 'succeeded' });
      expect(requestView.parse(await swath(`oidc/${world.taken.id}/${token}`, 'show', id)).id).toBe(id);

      const folder = join(scratch, 'fetched');
      const { files } = fetchedView.parse(await swath(token, 'get', id, folder));
      expect(files.length).toBe(4 * alone.results.length);
      for (const { path, sha256, status } of files) {
        expect(status).toBe('downloaded');
        expect(createHash('sha256').update(readFileSync(path)).digest('hex'), path).toBe(sha256);
      }
      const pictures = files.filter(({ asset }) => asset === 'cog').map(({ sha256 }) => sha256);
      expect(pictures).toEqual(alone.results.map(({ sha256 }) => sha256));

      const nobody = swath(await issuer.sign({ iss: world.taken.issuer }), 'requests');
      await expect(nobody).rejects.toMatchObject({ code: 4 });
      const stranger = await tokenOf(['viewer', 'project:p2']);
      await expect(swath(stranger, 'get', id, folder)).rejects.toMatchObject({ code: expect.any(Number) });
    } finally {
      await served.close();
    }
  });

  relaySuite(() => ({
    machine,
    call,
    until,
    caller,
    order: { ...order, datetime: '2024-06-01', name: 'left by its writer' },
  }));

  heardSuite(() => machine);

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
    const answer = await call('GET', new URL(href).pathname, { as: caller });
    expect(answer.status, answer.body).toBe(302);
    const location = answer.headers['location'] ?? '';
    const response = await fetch(location);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  }
});

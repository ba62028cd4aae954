import { cryptoRandom, memoryTable } from '@swath/ports/memory/index';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeApi } from '../../../../test/support/fake-api.ts';
import { makeApp } from '../app.ts';
import type { Identity } from '../deps.ts';
import { publishedKey, publishedResults } from '../pictures/published.fixture.ts';
import { pictureService } from '../pictures/service.ts';
import { mapLinkUseCases } from '../use-cases.ts';

const day = '2024-06-01';
const never = async (): Promise<never> => {
  throw new Error('not in this test');
};

interface Links {
  readonly link: string;
  readonly expires: string;
  readonly wmts: string;
  readonly tilejson: string;
  readonly tiles: string;
}

let nowMs: number;
let caller: Identity | undefined;
let logged: ReturnType<typeof fakeApi>['logged'];
let app: ReturnType<typeof makeApp>;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 1);
  const results = await publishedResults([day, '2024-06-02']);
  const clock = { now: () => nowMs };
  const fake = fakeApi({ results, clock });
  logged = fake.logged;
  app = makeApp({
    ...fake.deps,
    identify: async () => caller,
    mapLinks: mapLinkUseCases({ table: memoryTable(), clock, random: cryptoRandom() }),
    mayRead: async (project, key) => project === 'one' && key === publishedKey,
    pictures: pictureService({
      results,
      remote: false,
      live: {
        providers: fake.deps.providers,
        defaultProvider: 'sample',
        readItems: never,
        acquireFacts: never,
      },
      ownItem: async () => undefined,
      openScene: never,
    }),
  });
});

const get = (url: string) => app.request(url.replace('http://localhost', ''));

async function made(body: object = {}): Promise<Links> {
  caller = { project: 'one', roles: ['requester'], user: 'ann' };
  const answer = await post(publishedKey, body);
  expect(answer.status).toBe(201);
  caller = undefined;
  return (await answer.json()) as Links;
}

const post = (key: string, body: object) =>
  app.request(`/tiles/${key}/links`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

const inside = (template: string) => template.replace('{label}', day).replace('{z}/{x}/{y}', '13/4333/2817');

describe('maps by a link', () => {
  it('are seen by who sends no header, from the capabilities and the TileJSON on', async () => {
    const { link, wmts, tilejson, tiles, expires } = await made();
    expect(expires).toBe('2026-01-02T00:00:00.000Z');
    const tile = await get(inside(tiles));
    expect([tile.status, tile.headers.get('content-type')]).toEqual([200, 'image/png']);
    const json = (await (await get(`${tilejson.replace('{label}', day)}&rescale=0,1`)).json()) as {
      tiles: string[];
    };
    expect(json.tiles[0]).toContain('rescale=0%2C1');
    expect((await get(inside(json.tiles[0] ?? ''))).status).toBe(200);
    const document = await (await get(`${wmts}&service=WMTS&request=GetCapabilities`)).text();
    const addresses = [...document.matchAll(/(?:template|href)="([^"]+)"/g)].map(([, address = '']) =>
      address.replaceAll('&amp;', '&'),
    );
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) {
      expect(address).toContain('http://localhost/maps/tiles/');
      expect(address).toContain(`link=${link}`);
    }
    const asked = `${wmts}&SERVICE=WMTS&REQUEST=GetTile&LAYER=series&TILEMATRIX=13&TILECOL=4333&TILEROW=2817`;
    expect((await get(asked)).headers.get('content-type')).toBe('image/png');
  });

  it('have the label in their addresses when one is named, and live as long as is asked', async () => {
    const { tiles, wmts, expires } = await made({ label: day, hours: 2 });
    expect(expires).toBe('2026-01-01T02:00:00.000Z');
    expect(tiles).toContain(`/${day}/{z}/{x}/{y}.png?link=`);
    expect(wmts).toContain(`/${day}/wmts?link=`);
    expect((await get(inside(tiles))).status).toBe(200);
    nowMs += 2 * 3_600_000;
    expect((await get(inside(tiles))).status).toBe(403);
  });

  it.each<readonly [string, (tiles: string) => string]>([
    ['another link', (tiles) => tiles.replace(/link=.{4}/, 'link=0000')],
    ['no link', (tiles) => tiles.replace(/\?link=.*/, '')],
    ['two links', (tiles) => `${tiles}&${tiles.split('?')[1]}`],
    ['the link of other images', (tiles) => tiles.replace(publishedKey, 'b'.repeat(64))],
    ['a link of a name', (tiles) => tiles.replace(publishedKey, 'fields')],
  ])('are closed to %s, in the same words', async (_, change) => {
    const { tiles } = await made();
    const answer = await get(inside(change(tiles)));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({
      code: 'Forbidden',
      detail: 'The link opens nothing, or no longer.',
      fix: 'Make a new one: POST /tiles/{contentKey}/links.',
    });
  });

  it('are all that a link opens', async () => {
    const { tiles, link } = await made();
    expect((await get(inside(tiles).replace('/maps', ''))).status).toBe(401);
    for (const path of [
      '/requests',
      `/results/${publishedKey}/${day}/ndvi.tif`,
      `/tiles/${publishedKey}/wmts`,
    ]) {
      expect((await get(`${path}?link=${link}`)).status, path).toBe(401);
    }
  });

  it('are linked to by who may see and change them: no stranger, no viewer, no other project', async () => {
    const statuses: number[] = [];
    for (const [project, role] of [
      ['one', 'viewer'],
      ['two', 'admin'],
    ] as const) {
      caller = { project, roles: [role] };
      statuses.push((await post(publishedKey, {})).status);
    }
    caller = { project: 'one', roles: ['admin'] };
    for (const key of ['b'.repeat(64), 'fields']) statuses.push((await post(key, {})).status);
    for (const body of [{ hours: 0 }, { hours: 169 }, { days: 1 }]) {
      statuses.push((await post(publishedKey, body)).status);
    }
    caller = undefined;
    statuses.push((await post(publishedKey, {})).status);
    expect(statuses).toEqual([403, 404, 404, 404, 400, 400, 400, 401]);
  });

  it('leave no link in the log', async () => {
    const { tiles, link, wmts } = await made();
    await get(inside(tiles));
    await get(wmts);
    await get(inside(tiles).replace('13/', '99/'));
    expect(logged.length).toBeGreaterThan(3);
    expect(JSON.stringify(logged)).not.toContain(link);
  });
});

import { routes } from '@swath/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { accessWorld } from './world.ts';

type World = Awaited<ReturnType<typeof accessWorld>>;
let world: World;
beforeAll(async () => {
  world = await accessWorld();
});

/** The answer to a project, in words that say nothing of the call itself. */
async function ask(app: string, operationId: string, project: string, path: string, body?: unknown) {
  const route = routes.find((one) => one.operationId === operationId);
  const serving = world.apps.find(({ name }) => name === app);
  if (route === undefined || serving === undefined) throw new Error(operationId);
  const example = body === undefined ? { path } : { path, body };
  const { status, text } = await serving.call(route, example, { project, roles: 'admin' });
  return { status, text };
}

/** Everything but what names the call: the path and the id of the request. */
const wordsOf = ({ status, text }: { readonly status: number; readonly text: string }) => {
  const { instance: _path, requestId: _id, ...words } = JSON.parse(text) as Record<string, unknown>;
  return { status, ...words };
};

describe('imagery that project one brought', () => {
  const pictures = [
    ['getTile', '11/1049/673.png'],
    ['getTileJson', 'tilejson.json'],
    ['getImageWmts', 'wmts'],
    ['getResultPreview', 'preview?max_size=16'],
    ['getResultInfo', 'info'],
    ['getResultBandStatistics', 'statistics'],
    ['getResultPoint', 'point/4.468094,52.341038'],
  ] as const;

  it.each(pictures)('is drawn for it by %s, and for others is what nobody has', async (operation, rest) => {
    const { uploadCollection: collection, uploadItem: item } = world.owned;
    const path = `/tiles/${collection}/${item}/${rest}`;
    const own = await ask('image', operation, 'one', path);
    expect(own.status, own.text).toBe(200);
    const others = await ask('image', operation, 'two', path);
    const nobodys = await ask('image', operation, 'two', `/tiles/none/none/${rest}`);
    expect(wordsOf(others)).toMatchObject({ status: 404, code: 'NotFound' });
    expect(wordsOf(others)).toEqual(wordsOf(nobodys));
  });

  it('is found by searches of its own project alone', async () => {
    const { uploadCollection: collection, uploadItem: item } = world.owned;
    for (const path of ['/search', `/search?collections=${collection}`, `/search?ids=${item}`]) {
      expect((await ask('api', 'getItemSearch', 'one', path)).text).toContain(item);
      expect(JSON.parse((await ask('api', 'getItemSearch', 'two', path)).text).features).toEqual([]);
    }
    const here = `/collections/${collection}/items/${item}`;
    expect((await ask('api', 'getItem', 'one', here)).status).toBe(200);
    expect((await ask('api', 'getItem', 'two', here)).status).toBe(404);
  });

  const rest = { datetime: '2024-06-01', pipeline: { bands: ['b1'] }, mask: 'none' };

  it('is ordered by its own project alone, by collection and by Item', async () => {
    const { uploadCollection: collection, uploadItem: item } = world.owned;
    const searched = {
      ...rest,
      provider: 'uploads',
      aoi: [4.4, 52.3, 4.6, 52.4],
      collections: [collection],
    };
    const named = { items: [`uploads:${collection}/${item}`], pipeline: rest.pipeline, mask: 'none' };
    for (const spec of [searched, named]) {
      const own = await ask('api', 'planRequest', 'one', '/requests/plan', spec);
      expect(own.status, own.text).toBe(200);
    }
    const bySearch = await ask('api', 'planRequest', 'two', '/requests/plan', searched);
    expect([bySearch.status, JSON.parse(bySearch.text).code]).toEqual([404, 'NotFound']);
    const byItem = await ask('api', 'planRequest', 'two', '/requests/plan', named);
    const nobodys = await ask('api', 'planRequest', 'two', '/requests/plan', {
      ...named,
      items: [`uploads:${collection}/${item.slice(0, -1)}0`],
    });
    expect(JSON.parse(byItem.text)).toMatchObject({ code: 'InvalidInput', pointer: '/items/0' });
    expect(byItem.text.replaceAll(item, '').replace(/"requestId":"[^"]*"/, '')).toBe(
      nobodys.text.replaceAll(`${item.slice(0, -1)}0`, '').replace(/"requestId":"[^"]*"/, ''),
    );
  });

  it('is a collection of openEO for its own project alone', async () => {
    const { uploadCollection: collection } = world.owned;
    const process = {
      process_graph: {
        load: {
          process_id: 'load_collection',
          arguments: {
            id: collection,
            spatial_extent: { west: 4.4, south: 52.3, east: 4.6, north: 52.4 },
            temporal_extent: ['2024-06-01', '2024-06-02'],
            bands: ['b1'],
          },
        },
        save: {
          process_id: 'save_result',
          arguments: { data: { from_node: 'load' }, format: 'GTiff' },
          result: true,
        },
      },
    };
    const start = async (project: string) => {
      const created = await ask('api', 'createJob', project, '/jobs', { process });
      expect(created.status, created.text).toBe(201);
      const { jobs } = JSON.parse((await ask('api', 'listJobs', project, '/jobs')).text);
      return await ask('api', 'startJob', project, `/jobs/${jobs[0].id}/results`);
    };
    expect((await start('one')).status).toBe(202);
    const others = await start('two');
    expect([others.status, JSON.parse(others.text).code]).toEqual([400, expect.any(String)]);
    expect(others.text).not.toContain('b1');
  });
});

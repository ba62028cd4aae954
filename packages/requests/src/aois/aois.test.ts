import { memoryTable } from '@swath/ports/memory/index';
import { beforeEach, describe, expect, it } from 'vitest';
import { testSpec, testWorld } from '../testing/index.ts';
import { createRequest, getRequest, planPreview } from '../use-cases/index.ts';
import { deleteAoi, getAoi, listAois, putAoi } from './aois.ts';

/** Degrees wide and high, from its south-western corner. */
const square = (size: number, [west, south]: readonly [number, number] = [4.8, 52.3]) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});

describe('stored areas', () => {
  let deps: Parameters<typeof getAoi>[0];
  beforeEach(() => {
    deps = { table: memoryTable(), clock: { now: () => Date.UTC(2026, 0, 1) } };
  });

  it('get a version for each geometry, not for each call', async () => {
    const first = await putAoi(deps, 'p', 'farm', { area: square(0.1), title: 'Farm' });
    const again = await putAoi(deps, 'p', 'farm', { area: square(0.1), title: 'The farm' });
    const wider = await putAoi(deps, 'p', 'farm', { area: square(0.2) });
    expect([first.version, again.version, wider.version]).toEqual([1, 1, 2]);
    expect(wider.areaKm2).toBeGreaterThan(first.areaKm2 * 3.9);
    expect((await getAoi(deps, 'p', 'farm')).geometry).toEqual(wider.geometry);
    expect((await getAoi(deps, 'p', 'farm', 1)).geometry).toEqual(first.geometry);
    expect((await listAois(deps, 'p', { limit: 10 })).aois).toMatchObject([{ id: 'farm', version: 2 }]);
  });

  it('belong to their project', async () => {
    await putAoi(deps, 'p', 'farm', { area: square(0.1) });
    await expect(getAoi(deps, 'q', 'farm')).rejects.toMatchObject({ code: 'NotFound' });
    expect((await listAois(deps, 'q', { limit: 10 })).aois).toEqual([]);
  });

  it('leave the list when deleted, keep their versions, and count on when they come back', async () => {
    await putAoi(deps, 'p', 'farm', { area: square(0.1) });
    await deleteAoi(deps, 'p', 'farm');
    await expect(getAoi(deps, 'p', 'farm')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(deleteAoi(deps, 'p', 'farm')).rejects.toMatchObject({ code: 'NotFound' });
    expect((await getAoi(deps, 'p', 'farm', 1)).version).toBe(1);
    expect((await listAois(deps, 'p', { limit: 10 })).aois).toEqual([]);
    expect((await putAoi(deps, 'p', 'farm', { area: square(0.1) })).version).toBe(2);
  });

  it.each([
    ['Farm', { area: square(0.1) }, '/id'],
    ['../x', { area: square(0.1) }, '/id'],
    ['farm', {}, '/area'],
    ['farm', { area: square(0.1), colour: 'red' }, '/'],
    ['farm', { area: { type: 'Point', coordinates: [1, 2] } }, '/area/type'],
    ['farm', { area: [1, 2, 3] }, '/area'],
    ['farm', null, '/'],
  ])('refuse %j with %j at %s', async (id, body, pointer) => {
    await expect(putAoi(deps, 'p', id, body)).rejects.toMatchObject({ code: 'InvalidInput', pointer });
    expect((await listAois(deps, 'p', { limit: 10 })).aois).toEqual([]);
  });

  it('are listed page by page', async () => {
    for (const id of ['a', 'b', 'c']) await putAoi(deps, 'p', id, { area: square(0.1) });
    const first = await listAois(deps, 'p', { limit: 2 });
    const rest = await listAois(deps, 'p', { limit: 2, cursor: first.cursor ?? '' });
    expect([...first.aois, ...rest.aois].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
});

describe('a request that names an area', () => {
  it('is the request for its geometry, and stays so when the area changes', async () => {
    const world = testWorld();
    const area = square(0.02, [10.5, 48.5]);
    const spec = { ...testSpec(), aoi: area };
    await putAoi(world.deps, 'p', 'farm', { area });
    const named = { ...testSpec(), aoi: 'farm' };
    const { request } = await createRequest(world.deps, { project: 'p', body: named });
    await putAoi(world.deps, 'p', 'farm', { area: [4, 52, 5, 53] });
    expect((await getRequest(world.deps, 'p', request.id)).spec.aoi).toMatchObject({
      type: 'Feature',
      id: 'farm@1',
    });
    const [byName, drawn] = await Promise.all([
      planPreview(world.deps, 'p', { ...named, aoi: 'farm@1' }),
      planPreview(world.deps, 'p', spec),
    ]);
    expect(byName.plan.products).toEqual(drawn.plan.products);
  });

  it('is refused, with what to do, when there is none of that name in the project', async () => {
    const world = testWorld();
    await putAoi(world.deps, 'p', 'farm', { area: [4.8, 52.3, 4.9, 52.4] });
    for (const [project, aoi] of [
      ['q', 'farm'],
      ['p', 'farm@7'],
      ['p', 'no such'],
    ] as const) {
      await expect(
        createRequest(world.deps, { project, body: { ...testSpec(), aoi } }),
      ).rejects.toMatchObject({
        code: 'NotFound',
        pointer: '/aoi',
        fix: expect.stringContaining('PUT /aois'),
      });
    }
  });
});

import { getItem } from '@swath/catalog';
import { parseAoi } from '@swath/geo';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  beginUpload,
  checkUpload,
  completeUpload,
  deleteUpload,
  getUpload,
  uploadedImagery,
} from './index.ts';
import { totalsKey } from './rows.ts';
import { goodTiff, sendAll, smallSpec, type UploadWorld, uploadWorld } from './world.fixture.ts';

let world: UploadWorld;
beforeEach(() => {
  world = uploadWorld();
});

const begin = (spec: object = {}) => beginUpload(world.deps, 'p', { ...smallSpec, sizeBytes: 1000, ...spec });
const totals = async () => world.deps.table.get(totalsKey('p'));
const store = () => ({ table: world.deps.table, objects: world.deps.results, clock: world.deps.clock });

describe('deleting', () => {
  it('takes file and Item away', async () => {
    const { id, item } = await world.upload(goodTiff());
    await deleteUpload(world.deps, 'p', id);
    expect(world.deps.kept.keys()).toEqual([]);
    expect(await getItem(store(), 'p', 'fields', item?.id ?? '')).toBeUndefined();
    await expect(getUpload(world.deps, 'p', id)).rejects.toMatchObject({ code: 'NotFound' });
    await expect(deleteUpload(world.deps, 'p', id)).rejects.toMatchObject({ code: 'NotFound' });
    expect(await totals()).toMatchObject({ open: 0, bytes: 0 });
  });

  it.each(['quarantine', 'kept', 'results'] as const)(
    'while it is checked leaves nothing, whenever it comes (at the first use of %s)',
    async (name) => {
      const tiff = goodTiff();
      const begun = await begin({ sizeBytes: tiff.length });
      await sendAll(world.deps.partUploads, begun, tiff);
      await completeUpload(world.deps, 'p', begun.id, {});
      let isDeleted = false;
      const late = async () => {
        if (isDeleted) return;
        isDeleted = true;
        await deleteUpload(world.deps, 'p', begun.id);
      };
      const { quarantine, kept, table } = world.deps;
      const deps = {
        ...world.deps,
        ...(name === 'quarantine'
          ? {
              quarantine: {
                ...quarantine,
                getRange: async (...a: Parameters<typeof quarantine.getRange>) => {
                  const read = await quarantine.getRange(...a);
                  await late();
                  return read;
                },
              },
            }
          : name === 'kept'
            ? {
                kept: {
                  ...kept,
                  put: async (...a: Parameters<typeof kept.put>) => {
                    const put = await kept.put(...a);
                    await late();
                    return put;
                  },
                },
              }
            : {
                table: {
                  ...table,
                  transact: async (...a: Parameters<typeof table.transact>) => {
                    await table.transact(...a);
                    if (JSON.stringify(a[0]).includes('ITEM#p')) await late();
                  },
                },
              }),
      };
      await checkUpload(deps, { v: 1, project: 'p', uploadId: begun.id }).catch(() => undefined);
      expect(isDeleted).toBe(true);
      // What the interrupted delivery threw is delivered again.
      await checkUpload(world.deps, { v: 1, project: 'p', uploadId: begun.id });
      expect([quarantine.keys(), kept.keys()]).toEqual([[], []]);
      expect((await uploadedImagery(store(), 'p').search({ collections: [], limit: 9 })).scenes).toEqual([]);
      expect(await totals()).toMatchObject({ open: 0, bytes: 0 });
    },
  );
});

describe('uploaded imagery', () => {
  it('is found by collection, area, time and id, in the kept file', async () => {
    const first = await world.upload(goodTiff(), { bands: [{ name: 'red' }] });
    const later = await world.upload(goodTiff(), { datetime: '2025-06-01' });
    const search = async (query: object) =>
      (await uploadedImagery(store(), 'p').search({ collections: ['fields'], limit: 9, ...query })).scenes;
    const aoi = (west: number) => parseAoi([west, 52.3, west + 0.1, 52.4], '/aoi');
    expect((await search({})).map(({ id }) => id)).toEqual([first.item?.id, later.item?.id]);
    expect(await search({ collections: ['others'] })).toEqual([]);
    expect(await search({ ids: [later.item?.id] })).toHaveLength(1);
    expect(await search({ aoi: aoi(4.4) })).toHaveLength(2);
    expect(await search({ aoi: aoi(9) })).toEqual([]);
    const [scene] = await search({
      datetime: { start: '2024-01-01T00:00:00Z', end: '2024-12-31T00:00:00Z' },
    });
    expect(scene).toMatchObject({
      provider: 'uploads',
      assets: [
        {
          key: 'data',
          names: ['data', 'red'],
          href: `object://raw/uploads/${first.id}/field.tif`,
          scale: 1,
          offset: 0,
        },
      ],
    });
    expect(await uploadedImagery(store(), 'p').collections()).toMatchObject([
      {
        id: 'fields',
        bands: ['red', 'b1'],
        interval: ['2024-06-01T00:00:00.000Z', '2025-06-01T00:00:00.000Z'],
      },
    ]);
  });
});

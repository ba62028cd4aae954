import { getItem } from '@swath/catalog';
import { keptUploads } from '@swath/products';
import { imageOpener } from '@swath/raster';
import { planValues, valuesAt } from '@swath/tiles';
import { goodTiff, uploadWorld } from '@swath/uploads/world.fixture';
import { describe, expect, it } from 'vitest';
import { infoOf, statisticsOf } from './titiler.ts';
import { uploadImage } from './upload-images.ts';

/** Pixels of 1 to 12 in rows of 4, as an upload that says so of them. */
async function uploaded(spec: object) {
  const world = uploadWorld();
  const { item } = await world.upload(goodTiff(), spec);
  if (item === null) throw new Error('refused');
  const { table, results: objects, clock, kept } = world.deps;
  const found = await getItem({ table, objects, clock }, 'p', item.collection, item.id);
  if (found?.base === undefined) throw new Error('not registered');
  const open = imageOpener({ sources: keptUploads(kept) });
  return { kept, found: { ...found, base: found.base }, where: { ...item, open } };
}

/** Of the first two pixels, [lon, lat]. */
const places = [
  [4.46795, 52.341129],
  [4.468097, 52.341128],
] as const;

describe('the image of an upload', () => {
  it('has the values that were said, and misses what is nodata', async () => {
    const { found, where } = await uploaded({ nodata: 1, scale: -0.5, offset: 10 });
    const image = await uploadImage(found, where);
    const wanted = planValues({}, image.look);
    expect(await valuesAt(image, places[0], wanted)).toEqual([null]);
    expect(await valuesAt(image, places[1], wanted)).toEqual([9]);
    expect(infoOf(image)).toMatchObject({ nodata_value: 1, scales: [-0.5], offsets: [10] });
    // 2 to 12 are left.
    expect(statisticsOf(image)['b1']).toMatchObject({ count: 11, min: 4, max: 9, mean: 6.5 });
    expect(statisticsOf(image)['b1']?.std).toBeCloseTo(Math.sqrt(10) / 2, 9);
  });

  it('is that of the file where nothing was said', async () => {
    const { found, where } = await uploaded({});
    const image = await uploadImage(found, where);
    expect(await valuesAt(image, places[0], planValues({}, image.look))).toEqual([1]);
    expect(infoOf(image)).toMatchObject({ nodata_value: null, scales: [1], offsets: [0] });
  });

  it('is gone with its file, and never made of an Item of another kind', async () => {
    const { kept, found, where } = await uploaded({});
    await kept.delete(`${found.base.slice(0, found.base.lastIndexOf('/'))}/field.tif`);
    await expect(uploadImage(found, where)).rejects.toMatchObject({ code: 'NotFound' });
    const item = { ...found.item, assets: { data: { href: 'https://data.example/a.tif' } } };
    await expect(uploadImage({ ...found, item }, where)).rejects.toMatchObject({ code: 'Corrupt' });
  });
});

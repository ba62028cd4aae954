import { SwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { makeItem } from '../../test/make-item.ts';
import { type BareFile, readItems } from './read-items.ts';

const documents: Readonly<Record<string, unknown>> = {
  '/work/scenes/a.json': makeItem('a', { assets: { red: { href: '../red.tif', type: 'image/tiff' } } }),
  'https://stac.test/items/b': makeItem('b', { assets: { red: { href: 'red.tif', type: 'image/tiff' } } }),
  'https://stac.test/all': { type: 'FeatureCollection', features: [makeItem('c'), makeItem('d')] },
  'https://stac.test/none': { type: 'FeatureCollection', features: [] },
  'https://stac.test/broken': makeItem('e', { geometry: undefined }),
  'https://stac.test/text': 'not json',
};

const readText = async (address: string) => {
  const document = documents[address];
  if (document === undefined) throw new SwathError('NotFound', `${address} is not there.`);
  return typeof document === 'string' ? document : JSON.stringify(document);
};

const read = (entries: readonly (string | BareFile)[], localFolder: string | undefined = '/work') =>
  readItems(entries, { readText, ...(localFolder === '' ? {} : { localFolder }) });

const file = (band: string, change: Partial<BareFile> = {}): BareFile => ({
  href: `${band}.tif`,
  band,
  ...change,
});

describe('readItems', () => {
  it('reads Items and FeatureCollections by path and URL, in the order given', async () => {
    const scenes = await read(['https://stac.test/all', 'scenes/a.json', 'https://stac.test/items/b']);
    expect(scenes.map((scene) => [scene.provider, scene.id])).toEqual([
      ['', 'c'],
      ['', 'd'],
      ['', 'a'],
      ['', 'b'],
    ]);
    expect(scenes[2]?.assets[0]?.href).toBe('/work/red.tif');
    expect(scenes[3]?.assets[0]?.href).toBe('https://stac.test/items/red.tif');
  });

  it('makes one scene of bare files in a row until a band name repeats', async () => {
    const scenes = await read([
      file('red'),
      file('nir'),
      file('RED', { href: 's3://bucket/2.tif' }),
      file('nir'),
    ]);
    expect(scenes.map((scene) => scene.assets.map((asset) => asset.key))).toEqual([
      ['red', 'nir'],
      ['RED', 'nir'],
    ]);
    expect(scenes[0]).toMatchObject({ id: 'red', datetime: null, geometry: null, bboxes: [] });
    expect(scenes[1]?.assets[0]).toMatchObject({ href: 's3://bucket/2.tif', names: ['red'], bandIndex: 1 });
    expect(scenes[0]?.version).not.toBe(scenes[1]?.version);
  });

  it('begins a new scene when the datetime changes; a file without one belongs to the scene before', async () => {
    const may = '2024-05-01T00:00:00Z';
    const scenes = await read([
      file('red', { datetime: may }),
      file('nir', { datetime: '2024-05-01T02:00:00+02:00' }),
      file('blue'),
      file('green', { datetime: '2024-06-01T00:00:00Z' }),
    ]);
    expect(scenes.map((scene) => [scene.datetime, scene.assets.length])).toEqual([
      ['2024-05-01T00:00:00.000Z', 3],
      ['2024-06-01T00:00:00.000Z', 1],
    ]);
  });

  it('ends a scene of bare files at an Item', async () => {
    const scenes = await read([file('red'), 'scenes/a.json', file('nir')]);
    expect(scenes.map((scene) => scene.id)).toEqual(['red', 'a', 'nir']);
  });

  it('keeps what an entry says of its file', async () => {
    const [scene] = await read([file('b', { bandIndex: 3, nodata: 'nan', scale: 0.1, offset: 2 })]);
    expect(scene?.assets[0]).toMatchObject({
      href: '/work/b.tif',
      bandIndex: 3,
      nodata: 'nan',
      scale: 0.1,
      offset: 2,
    });
  });

  it.each([
    ['a path where only URLs may be read', ['scenes/a.json'], '', 'InvalidInput', '/items/0'],
    ['an absolute path where only URLs may be read', ['/etc/passwd'], '', 'InvalidInput', '/items/0'],
    ['a file URL where only URLs may be read', ['file:///etc/passwd'], '', 'InvalidInput', '/items/0'],
    ['a bare path where only URLs may be read', [file('red')], '', 'InvalidInput', '/items/0/href'],
    ['a scheme nobody reads', ['gs://b/a.json'], '/work', 'InvalidInput', '/items/0'],
    ['an image without a band', ['scenes/a.json', 'B04.TIF'], '/work', 'InvalidInput', '/items/1'],
    ['an Item that is not there', ['scenes/a.json', 'https://stac.test/x'], '/work', 'NotFound', '/items/1'],
    ['a broken Item', ['https://stac.test/broken'], '/work', 'Corrupt', '/items/0'],
    ['no JSON', ['https://stac.test/text'], '/work', 'Corrupt', '/items/0'],
    ['an empty FeatureCollection', ['https://stac.test/none'], '/work', 'Corrupt', '/items/0'],
    [
      '30 February',
      [file('red', { datetime: '2024-02-30T00:00:00Z' })],
      '/work',
      'InvalidInput',
      '/items/0/datetime',
    ],
  ])('names the entry for %s', async (_, entries, folder, code, pointer) => {
    await expect(read(entries, folder)).rejects.toMatchObject({ code, pointer, fix: expect.any(String) });
  });

  it('lets the reader decide about http', async () => {
    await expect(read(['http://127.0.0.1:1/a'], '')).rejects.toMatchObject({ code: 'NotFound' });
  });
});

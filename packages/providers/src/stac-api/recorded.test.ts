import { decideRadiometry, findBand } from '@swath/stac';
import { afterEach, describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { startTapeServer, type TapeServer } from '../../../../test/support/tape-server.ts';
import { makeAoi, makeQuery } from '../../test/make-item.ts';
import { earthSearch } from '../earth-search.ts';
import { stacApiProvider } from './provider.ts';

const shared = sharedPath('data', '01-stac-recordings', 'tapes');
if (shared === undefined) console.warn('skipped: no shared data');

const open: TapeServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const earthSearchV1 = 'https://earth-search.aws.element84.com/v1';
const planetaryComputer = 'https://planetarycomputer.microsoft.com/api/stac/v1';

async function setup(host: string, names: readonly string[], url: string) {
  const server = await startTapeServer(names.map((name) => `${host}/${name}.json`));
  open.push(server);
  const options = { url: server.at(url), sleep: async () => {} };
  const provider =
    url === earthSearchV1
      ? earthSearch(options)
      : stacApiProvider({ ...options, id: 'recorded', title: 'Recorded' });
  return { server, provider };
}

describe.skipIf(shared === undefined)('recorded Earth Search v1', () => {
  const host = 'earth-search.aws.element84.com';

  it('is searched to its empty last page, and the stated offset is not added again', async () => {
    const names = ['001-get-v1-200', '096-post-v1-search-200', '097-post-v1-search-200'];
    const { provider, server } = await setup(host, names, earthSearchV1);
    const answer = await provider.search(
      makeQuery({
        collections: ['sentinel-2-l2a', 'landsat-c2-l2'],
        datetime: { start: '2023-10-08T00:00:00Z', end: '2023-10-08T23:59:59Z' },
        aoi: makeAoi([-105.11, 40.16, -105.1, 40.17]),
        limit: 10,
      }),
    );
    expect(answer.skipped).toEqual([]);
    expect(answer.truncated).toBe(false);
    expect(answer.scenes.map((scene) => [scene.collection, scene.id])).toEqual([
      ['landsat-c2-l2', 'LC08_L2SP_033032_20231008_02_T1'],
      ['sentinel-2-l2a', 'S2A_13TDE_20231008_0_L2A'],
    ]);
    expect(server.requests.map((request) => request.method)).toEqual(['GET', 'POST', 'POST']);
    expect(server.requests[2]?.body).toMatchObject({
      next: '2023-10-08T17:37:26.656958Z,LC08_L2SP_033032_20231008_02_T1,landsat-c2-l2',
    });

    const [landsat, sentinel] = answer.scenes;
    if (landsat === undefined || sentinel === undefined) throw new Error('two scenes');
    const red = findBand(sentinel, 'red');
    if (red === undefined) throw new Error('no red');
    expect(red).toMatchObject({ key: 'red', scale: 0.0001, offset: -0.1 });
    const file = { scale: 1, offset: 0, minDn: null, dtype: 'uint16' };
    expect(decideRadiometry({ scene: sentinel, asset: red, file, wish: 'reflectance' })).toMatchObject({
      scale: 0.0001,
      offset: 0,
      rule: 'offset-already-applied',
    });
    const landsatNir = findBand(landsat, 'nir');
    expect(landsatNir).toMatchObject({ key: 'nir08', scale: 0.0000275, offset: -0.2 });
    expect([landsatNir?.href, ...(landsatNir?.alternateHrefs ?? [])].join(' ')).toContain(
      's3://usgs-landsat/',
    );
  });

  it('sends Items without assets and geometry when asked to; they are counted, not crashed on', async () => {
    const { provider } = await setup(host, ['095-post-v1-search-200'], earthSearchV1);
    const answer = await provider.search(makeQuery({ collections: ['sentinel-2-c1-l2a'], limit: 9 }));
    expect(answer).toMatchObject({ scenes: [], truncated: false });
    expect(answer.skipped).toHaveLength(10);
    expect(answer.skipped[0]?.reason).toContain('/assets is missing');
  });

  it('gives Copernicus DEM with its s3 addresses', async () => {
    const { provider } = await setup(host, ['018-post-v1-search-200'], earthSearchV1);
    const answer = await provider.search(makeQuery({ collections: ['cop-dem-glo-30'], limit: 9 }));
    expect(answer).toMatchObject({ truncated: true, skipped: [] });
    expect(answer.scenes).toHaveLength(9);
    expect(answer.scenes[0]?.assets[0]?.href).toMatch(/^s3:\/\/copernicus-dem-30m\//);
  });

  it('answers all nine collections whatever is asked, with their bands', async () => {
    const { provider } = await setup(host, ['001-get-v1-200', '003-get-v1-collections-200'], earthSearchV1);
    const collections = await provider.collections();
    expect(collections).toHaveLength(9);
    const sentinel = collections.find((collection) => collection.id === 'sentinel-2-l2a');
    expect(sentinel?.title).toContain('Sentinel-2');
    expect(sentinel?.bands).toEqual(expect.arrayContaining(['red', 'nir', 'scl', 'red-jp2']));
    expect(sentinel?.bands).not.toContain('thumbnail');
  });

  it('has four collections in its v0, which has no landing page', async () => {
    const { provider } = await setup(
      host,
      ['027-get-v0-collections-200'],
      'https://earth-search.aws.element84.com/v0',
    );
    const collections = await provider.collections();
    expect(collections.map((collection) => collection.id)).toEqual([
      'landsat-8-l1-c1',
      'sentinel-s2-l1c',
      'sentinel-s2-l2a',
      'sentinel-s2-l2a-cogs',
    ]);
  });
});

describe.skipIf(shared === undefined)('recorded Planetary Computer', () => {
  const host = 'planetarycomputer.microsoft.com';
  const naip = makeQuery({ collections: ['naip'], aoi: makeAoi([-73.21, 43.99, -73.12, 44.05]) });

  it.each([
    [['031-get-api-stac-v1-200', '077-post-api-stac-v1-search-200', '078-post-api-stac-v1-search-200']],
    [['079-get-api-stac-v1-200', '080-post-api-stac-v1-search-200', '081-post-api-stac-v1-search-200']],
    [['079-get-api-stac-v1-200', '082-post-api-stac-v1-search-200', '083-post-api-stac-v1-search-200']],
  ])('is walked by tokens in POST bodies: %j', async (names) => {
    const { provider, server } = await setup(host, names, planetaryComputer);
    const answer = await provider.search({ ...naip, limit: 19 });
    expect(answer).toMatchObject({ truncated: true, skipped: [] });
    expect(new Set(answer.scenes.map((scene) => scene.id)).size).toBe(19);
    expect(server.requests).toHaveLength(3);
    expect(Object(server.requests[2]?.body).token).toMatch(/^next:/);
    const [scene] = answer.scenes;
    if (scene === undefined) throw new Error('no scene');
    expect(findBand(scene, 'nir')).toMatchObject({ key: 'image', bandIndex: 4 });
  });

  it('gives 162 NAIP scenes in one page, those of the asked years', async () => {
    const { provider } = await setup(host, ['025-post-api-stac-v1-search-200'], planetaryComputer);
    const answer = await provider.search({
      ...naip,
      aoi: makeAoi([-73.21, 43.99, -73.12, 45.05]),
      datetime: { start: '2014-01-01T00:00:00Z', end: '2020-12-31T23:59:59Z' },
      limit: 1000,
    });
    expect(answer).toMatchObject({ truncated: false, skipped: [] });
    expect(answer.scenes).toHaveLength(162);
    const datetimes = answer.scenes.map((scene) => scene.datetime ?? '');
    expect(datetimes).toEqual([...datetimes].sort());
  });

  it('gives 250 Landsat scenes, also those that lack the address of one asset', async () => {
    const { provider } = await setup(host, ['011-post-api-stac-v1-search-200'], planetaryComputer);
    const answer = await provider.search(makeQuery({ collections: ['landsat-8-c2-l2'], limit: 249 }));
    expect(answer).toMatchObject({ truncated: true, skipped: [] });
    const incomplete = answer.scenes.filter((scene) => scene.unusable !== undefined);
    expect(incomplete.length).toBeGreaterThan(0);
    expect(incomplete.every((scene) => findBand(scene, 'red') !== undefined)).toBe(true);
  });

  it('lists its collections', async () => {
    const { provider } = await setup(host, ['023-get-api-stac-v1-collections-200'], planetaryComputer);
    const collections = await provider.collections();
    expect(collections.length).toBeGreaterThan(100);
    expect(collections.find(({ id }) => id === 'sentinel-2-l2a')?.bands).toEqual(
      expect.arrayContaining(['B04', 'red', 'SCL']),
    );
  });
});

describe.skipIf(shared === undefined)('recorded others', () => {
  it('are walked through pages of collections (spacebel)', async () => {
    const host = 'emc.spacebel.be';
    const names = ['024-get-root-200', '067-get-collections-200', '068-get-collections-200'];
    const { provider, server } = await setup(host, names, 'https://emc.spacebel.be/');
    const ids = (await provider.collections()).map((collection) => collection.id);
    expect(ids).toHaveLength(20);
    expect(server.requests.map((request) => request.path)).toEqual([
      '/emc.spacebel.be/',
      '/emc.spacebel.be/collections',
      expect.stringContaining('startRecord=11'),
      expect.stringContaining('startRecord=21'),
    ]);
  });

  it('are searched where their landing page says (USGS stac-server)', async () => {
    const host = 'landsatlook.usgs.gov';
    const { provider, server } = await setup(
      host,
      ['000', '001'],
      'https://landsatlook.usgs.gov/stac-server',
    );
    // Recorded by id, which Swath never asks for: the answer is that of a server that knows nothing of it.
    await expect(provider.search(makeQuery({ collections: ['landsat-c2l2-sr'] }))).rejects.toMatchObject({
      code: 'NotFound',
    });
    expect(server.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/landsatlook.usgs.gov/stac-server/search',
    });
  });
});

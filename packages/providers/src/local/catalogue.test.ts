import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAoi, makeItem, makeQuery } from '../../test/make-item.ts';
import { localCatalogue } from './catalogue.ts';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'swath-catalogue-'));
  folder = join(parent, 'catalogue');
  await mkdir(folder);
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

async function put(path: string, content: unknown): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const local = { assets: { red: { href: './red.tif', type: 'image/tiff; application=geotiff' } } };
const ids = async (query = makeQuery()) =>
  (await localCatalogue({ id: 'local', folder }).search(query)).scenes.map((scene) => scene.id);

describe('localCatalogue', () => {
  it('finds Items at any depth and resolves files beside them', async () => {
    const file = await put('2024/a.json', makeItem('a', local));
    await put('b.json', { type: 'FeatureCollection', features: [makeItem('b'), makeItem('c')] });
    await put('statistics.json', { mean: 1 });
    await put('aoi.json', { type: 'Feature', geometry: null, properties: {} });
    await put('.hidden/d.json', makeItem('d'));
    const answer = await localCatalogue({ id: 'local', folder }).search(makeQuery());
    expect(answer).toMatchObject({ skipped: [], truncated: false });
    expect(answer.scenes.map((scene) => scene.id)).toEqual(['a', 'b', 'c']);
    expect(answer.scenes[0]).toMatchObject({
      provider: 'local',
      itemHref: file,
      assets: [{ href: join(dirname(file), 'red.tif') }],
    });
  });

  it('searches by place, date, collection and cloud cover, and cuts at the limit', async () => {
    await put('a.json', makeItem('a', { properties: { 'eo:cloud_cover': 5 } }));
    await put('b.json', makeItem('b', { x: 50, properties: { datetime: '2025-01-01T00:00:00Z' } }));
    await put('c.json', makeItem('c', { collection: 'other', properties: { 'eo:cloud_cover': 80 } }));
    expect(await ids(makeQuery({ collections: [] }))).toEqual(['a', 'c', 'b']);
    expect(await ids(makeQuery({ aoi: makeAoi([49, 0, 51, 1]) }))).toEqual(['b']);
    expect(await ids(makeQuery({ datetime: { start: null, end: '2024-12-31T00:00:00Z' } }))).toEqual(['a']);
    expect(await ids(makeQuery({ collections: ['c', 'other'], maxCloudCoverPercent: 50 }))).toEqual(['a']);
    const cut = await localCatalogue({ id: 'local', folder }).search(
      makeQuery({ collections: [], limit: 1 }),
    );
    expect(cut).toMatchObject({ truncated: true, scenes: [{ id: 'a' }] });
  });

  it('counts what cannot be read', async () => {
    await put('good.json', makeItem('good'));
    const broken = await put('broken.json', '{"type":');
    await put('corrupt.json', makeItem('corrupt', { geometry: null }));
    const answer = await localCatalogue({ id: 'local', folder }).search(makeQuery());
    expect(answer.scenes.map((scene) => scene.id)).toEqual(['good']);
    expect(answer.skipped).toEqual([
      { id: broken, reason: 'The file is no JSON.' },
      { id: 'corrupt', reason: expect.stringContaining('/geometry') },
    ]);
  });

  it('reads files again when they change, appear or go', async () => {
    const provider = localCatalogue({ id: 'local', folder });
    const now = async () => (await provider.search(makeQuery())).scenes.map((scene) => scene.id);
    const file = await put('a.json', makeItem('a'));
    expect(await now()).toEqual(['a']);
    // Same length, another time: what counts is the stamp, not the size.
    await put('a.json', makeItem('b'));
    await utimes(file, new Date(0), new Date(1000));
    expect(await now()).toEqual(['b']);
    await put('c.json', makeItem('c'));
    await rm(file);
    expect(await now()).toEqual(['c']);
  });

  it('does not leave its folder by links, nor run in circles', async () => {
    await mkdir(join(parent, 'outside'));
    await writeFile(join(parent, 'outside', 'secret.json'), JSON.stringify(makeItem('secret')));
    await put('in/a.json', makeItem('a'));
    await symlink(join(parent, 'outside'), join(folder, 'link'));
    await symlink(join(parent, 'outside', 'secret.json'), join(folder, 'secret.json'));
    await symlink(folder, join(folder, 'in', 'circle'));
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling.json'));
    await symlink(join(folder, 'in', 'a.json'), join(folder, 'again.json'));
    expect(await ids()).toEqual(['a']);
  });

  it('refuses files that are too long, and says so', async () => {
    await put('long.json', ' '.repeat(16 * 1024 * 1024 + 1));
    const answer = await localCatalogue({ id: 'local', folder }).search(makeQuery());
    expect(answer.skipped[0]?.reason).toContain('more than');
  });

  it('lists collections that have Items, titled by their collection.json', async () => {
    await put('collection.json', {
      type: 'Collection',
      id: 'c',
      title: 'Scenes',
      description: 'd',
      extent: {},
    });
    await put('empty/collection.json', { type: 'Collection', id: 'empty', extent: {} });
    await put('a.json', makeItem('a', local));
    await put('x.json', makeItem('x', { collection: 'untitled' }));
    expect(await localCatalogue({ id: 'local', folder }).collections()).toEqual([
      { id: 'c', title: 'Scenes', description: 'd', bands: ['red'] },
      { id: 'untitled', title: 'untitled', description: '', bands: ['red'] },
    ]);
  });

  it('says when its folder is not there', async () => {
    const provider = localCatalogue({ id: 'local', folder: join(parent, 'none') });
    await expect(provider.search(makeQuery())).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('is cancelled by its signal', async () => {
    await put('a.json', makeItem('a'));
    const search = localCatalogue({ id: 'local', folder }).search(makeQuery({ signal: AbortSignal.abort() }));
    await expect(search).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

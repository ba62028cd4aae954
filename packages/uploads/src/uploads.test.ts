import { getItem } from '@swath/catalog';
import { sha256Hex } from '@swath/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  beginUpload,
  checkUpload,
  completeUpload,
  deleteUpload,
  getUpload,
  keptFile,
  linkParts,
  listUploads,
  MAX_CHECKS,
  MAX_FILE_BYTES,
  MAX_OPEN_UPLOADS,
  OPEN_MS,
  sweepUploads,
  uploadedImagery,
} from './index.ts';
import { totalsKey } from './rows.ts';
import { goodTiff, sendAll, smallSpec, streamOf, type UploadWorld, uploadWorld } from './world.fixture.ts';

let world: UploadWorld;
beforeEach(() => {
  world = uploadWorld();
});

const begin = (spec: object = {}) => beginUpload(world.deps, 'p', { ...smallSpec, sizeBytes: 1000, ...spec });
const totals = async () => world.deps.table.get(totalsKey('p'));
const store = () => ({ table: world.deps.table, objects: world.deps.results, clock: world.deps.clock });

describe('an upload', () => {
  it('is registered with its place, its bands and its checksum, and its quarantine is empty', async () => {
    const bytes = goodTiff();
    const view = await world.upload(bytes, {
      bands: [{ name: 'red' }],
      scale: 0.5,
      nodata: 12,
      title: 'Field',
    });
    expect(view).toMatchObject({ state: 'registered', sha256: sha256Hex(bytes), refusal: null });
    expect(world.deps.quarantine.keys()).toEqual([]);
    const key = `uploads/${view.id}/field.tif`;
    expect(world.deps.kept.keys()).toEqual([key]);
    const entry = await getItem(store(), 'p', 'fields', view.item?.id ?? '');
    expect(entry?.item).toMatchObject({
      id: `field-${view.id.slice(-12)}`,
      properties: { datetime: '2024-06-01T00:00:00.000Z', 'proj:epsg': 32631, title: 'Field' },
      assets: {
        data: {
          href: './field.tif',
          'file:size': bytes.length,
          'file:checksum': `1220${sha256Hex(bytes)}`,
          'proj:shape': [3, 4],
          'proj:transform': [10, 0, 600000, 0, -10, 5800000],
          'eo:bands': [{ name: 'red', common_name: 'red' }],
          'raster:bands': [
            {
              data_type: 'uint8',
              nodata: 12,
              scale: 0.5,
              offset: 0,
              statistics: { minimum: 1, maximum: 11, mean: 6, valid_percent: (100 * 11) / 12 },
            },
          ],
        },
      },
    });
    expect(await totals()).toMatchObject({ open: 0, bytes: bytes.length });
  });

  it('goes from waiting over uploading and checking to registered', async () => {
    const bytes = goodTiff();
    const begun = await begin({ sizeBytes: bytes.length });
    expect(begun).toMatchObject({
      state: 'waiting',
      partCount: 1,
      links: [{ part: 1, sizeBytes: bytes.length }],
    });
    const sent = await sendAll(world.deps.partUploads, begun, bytes);
    expect(await getUpload(world.deps, 'p', begun.id)).toMatchObject({ state: 'uploading', received: sent });
    const parts = sent.map(({ part, etag }) => ({ part, etag }));
    expect((await completeUpload(world.deps, 'p', begun.id, { parts })).state).toBe('checking');
    await world.deliver();
    expect((await listUploads(world.deps, 'p', { limit: 10 })).uploads).toMatchObject([
      { state: 'registered' },
    ]);
  });

  it('completed twice, and checked twice, is registered once', async () => {
    const bytes = goodTiff();
    const begun = await begin({ sizeBytes: bytes.length });
    await sendAll(world.deps.partUploads, begun, bytes);
    const complete = () => completeUpload(world.deps, 'p', begun.id, {});
    await Promise.all([complete(), complete(), complete()]);
    await world.deliver();
    await world.deliver();
    expect((await complete()).state).toBe('registered');
    await checkUpload(world.deps, { v: 1, project: 'p', uploadId: begun.id });
    expect(world.deps.kept.keys()).toHaveLength(1);
    expect((await uploadedImagery(store(), 'p').search({ collections: [], limit: 10 })).scenes).toHaveLength(
      1,
    );
  });

  it('is not there for another project', async () => {
    const { id, item } = await world.upload(goodTiff());
    for (const call of [
      () => getUpload(world.deps, 'q', id),
      () => linkParts(world.deps, 'q', id),
      () => completeUpload(world.deps, 'q', id, {}),
      () => deleteUpload(world.deps, 'q', id),
      () => keptFile(world.deps, 'q', id, 'field.tif'),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'NotFound' });
    }
    expect(await getItem(store(), 'q', 'fields', item?.id ?? '')).toBeUndefined();
    expect(
      (await uploadedImagery(store(), 'q').search({ collections: ['fields'], limit: 9 })).scenes,
    ).toEqual([]);
    expect((await listUploads(world.deps, 'q', { limit: 10 })).uploads).toEqual([]);
  });

  it.each([
    ['/fileName', { fileName: '' }],
    ['/sizeBytes', { sizeBytes: 0 }],
    ['/sizeBytes', { sizeBytes: MAX_FILE_BYTES + 1 }],
    ['/sha256', { sha256: 'ABC' }],
    ['/collection', { collection: 'results' }],
    ['/collection', { collection: '../x' }],
    ['/collection', { collection: 'a#b' }],
    ['/datetime', { datetime: '2024-02-30' }],
    ['/datetime', { datetime: 'yesterday' }],
    ['/bands/1/name', { bands: [{ name: 'red' }, { name: 'RED' }] }],
    ['/bands/0/name', { bands: [{ name: '1+1' }] }],
    ['/scale', { scale: 0 }],
  ])('is refused at the door, at %s: %j', async (pointer, wrong) => {
    await expect(begin(wrong)).rejects.toMatchObject({ code: 'InvalidInput', pointer });
    expect(await totals()).toBeUndefined();
  });

  it.each([
    ['../../etc/passwd', 'passwd.tif'],
    ['C:\\data\\ndvi.tiff', 'ndvi.tif'],
    ['..', 'image.tif'],
    ['a/../../b.TIF', 'b.tif'],
    ['Äcker 2024 #1?.tif', 'A-cker-2024-1.tif'],
    ['\u0000\u0007.tif', 'image.tif'],
  ])('called %j is kept as %s', async (fileName, kept) => {
    const { id } = await world.upload(goodTiff(), { fileName });
    expect(world.deps.kept.keys()).toEqual([`uploads/${id}/${kept}`]);
  });

  it('counts for its project, up to a limit, until it ends', async () => {
    for (let n = 0; n < MAX_OPEN_UPLOADS; n++) await begin();
    await expect(begin()).rejects.toMatchObject({ code: 'LimitExceeded' });
    const { uploads } = await listUploads(world.deps, 'p', { limit: 1 });
    await deleteUpload(world.deps, 'p', uploads[0]?.id ?? '');
    await begin();
    expect(await totals()).toMatchObject({ open: MAX_OPEN_UPLOADS, bytes: MAX_OPEN_UPLOADS * 1000 });
    await expect(beginUpload(world.deps, 'q', { ...smallSpec, sizeBytes: 5 })).resolves.toBeDefined();
  });
});

describe('parts', () => {
  const size = 40_000_000;
  const bytes = new Uint8Array(size).map((_, i) => i % 251);

  it('that are missing are named, linked anew, and completed then', async () => {
    const begun = await begin({ sizeBytes: size });
    expect(begun.partCount).toBe(3);
    const half = { ...begun, links: begun.links.slice(0, 1) };
    await sendAll(world.deps.partUploads, half, bytes);
    await expect(completeUpload(world.deps, 'p', begun.id, {})).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('2, 3'),
    });
    const { links } = await linkParts(world.deps, 'p', begun.id);
    expect(links.map(({ part, sizeBytes }) => [part, sizeBytes])).toEqual([
      [2, begun.partSizeBytes],
      [3, size - 2 * begun.partSizeBytes],
    ]);
    await sendAll(world.deps.partUploads, { ...begun, links }, bytes);
    expect((await completeUpload(world.deps, 'p', begun.id, {})).state).toBe('checking');
  });

  it('are refused when the client means others, or the file has none such', async () => {
    const tiff = goodTiff();
    const begun = await begin({ sizeBytes: tiff.length });
    await sendAll(world.deps.partUploads, begun, tiff);
    const parts = [{ part: 1, etag: '"another"' }];
    await expect(completeUpload(world.deps, 'p', begun.id, { parts })).rejects.toMatchObject({
      code: 'InvalidInput',
      pointer: '/parts/0',
    });
    for (const part of [0, 2, 1.5]) {
      await expect(linkParts(world.deps, 'p', begun.id, [part])).rejects.toMatchObject({
        pointer: '/parts/0',
      });
    }
  });
});

describe('time', () => {
  it('ends an upload nobody completes: its parts are gone, and it counts no more', async () => {
    const tiff = goodTiff();
    const begun = await begin({ sizeBytes: tiff.length });
    await sendAll(world.deps.partUploads, begun, tiff);
    world.advance(OPEN_MS);
    expect((await getUpload(world.deps, 'p', begun.id)).state).toBe('expired');
    await expect(completeUpload(world.deps, 'p', begun.id, {})).rejects.toMatchObject({ code: 'Conflict' });
    await expect(linkParts(world.deps, 'p', begun.id)).rejects.toMatchObject({ code: 'Conflict' });
    expect(await sweepUploads(world.deps)).toEqual({ expired: 1, asked: 0 });
    expect(await sweepUploads(world.deps)).toEqual({ expired: 0, asked: 0 });
    expect(await totals()).toMatchObject({ open: 0, bytes: 0 });
    const uploadId = new URL(begun.links[0]?.url ?? '').pathname.split('/')[1] ?? '';
    const late = world.deps.partUploads.receive(
      { uploadId, part: 1, sizeBytes: tiff.length },
      streamOf(tiff),
    );
    await expect(late).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('brings a check back whose message got lost', async () => {
    const tiff = goodTiff();
    const begun = await begin({ sizeBytes: tiff.length });
    await sendAll(world.deps.partUploads, begun, tiff);
    const mute = { ...world.deps, queue: { send: async () => 'lost' } };
    await completeUpload(mute, 'p', begun.id, {});
    world.advance(OPEN_MS);
    expect(await sweepUploads(world.deps)).toEqual({ expired: 0, asked: 1 });
    await world.deliver();
    expect((await getUpload(world.deps, 'p', begun.id)).state).toBe('registered');
  });

  it('ends a check that never ends', async () => {
    const tiff = goodTiff();
    const begun = await begin({ sizeBytes: tiff.length });
    await sendAll(world.deps.partUploads, begun, tiff);
    await completeUpload(world.deps, 'p', begun.id, {});
    const message = { v: 1, project: 'p', uploadId: begun.id } as const;
    const dead = new Promise<never>(() => undefined);
    const broken = { ...world.deps, quarantine: { ...world.deps.quarantine, getRange: () => dead } };
    for (let n = 0; n < MAX_CHECKS; n++) {
      void checkUpload(broken, message);
      await new Promise((resolve) => setImmediate(resolve));
      // Somebody else's delivery meanwhile does nothing.
      await checkUpload(world.deps, message);
      expect((await getUpload(world.deps, 'p', begun.id)).state).toBe('checking');
      world.advance(20 * 60_000);
    }
    await checkUpload(world.deps, message);
    expect(await getUpload(world.deps, 'p', begun.id)).toMatchObject({
      state: 'refused',
      refusal: { reason: 'CHECK_FAILED' },
    });
    expect(world.deps.quarantine.keys()).toEqual([]);
  });
});

describe('trouble of the store', () => {
  it('is no verdict on the file: the check is done again', async () => {
    const tiff = goodTiff();
    const begun = await begin({ sizeBytes: tiff.length });
    await sendAll(world.deps.partUploads, begun, tiff);
    await completeUpload(world.deps, 'p', begun.id, {});
    const put = () => Promise.reject(new RangeError('the disk is full'));
    const message = { v: 1, project: 'p', uploadId: begun.id } as const;
    await expect(checkUpload({ ...world.deps, kept: { ...world.deps.kept, put } }, message)).rejects.toThrow(
      'disk',
    );
    expect((await getUpload(world.deps, 'p', begun.id)).state).toBe('checking');
    await checkUpload(world.deps, message);
    expect((await getUpload(world.deps, 'p', begun.id)).state).toBe('registered');
  });
});

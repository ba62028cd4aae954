import { sha256Hex } from '@swath/core';
import { expect } from 'vitest';
import { minPartBytes } from '../limits.ts';
import type { Objects } from '../objects.ts';
import type { PartUploads } from '../part-uploads.ts';
import { codeOf, type Suite, type SuiteOptions, suite, uniqueName } from './support.ts';

export interface PartUploadsFixture {
  readonly uploads: PartUploads;
  /** The bucket of the finished objects. */
  readonly objects: Objects;
  /** PUTs a body to a link as anybody would. `etag` is the header of the answer. */
  readonly put: (
    link: string,
    body: Uint8Array<ArrayBuffer>,
  ) => Promise<{ readonly status: number; readonly etag: string | null }>;
  readonly close?: () => Promise<void>;
}

const bytesOf = (length: number, seed: number) => new Uint8Array(length).map((_, i) => (i * 31 + seed) % 251);

/** What every PartUploads promises. */
export function partUploadsConformance(
  name: string,
  make: () => Promise<PartUploadsFixture>,
  options: SuiteOptions = {},
): void {
  suite(`PartUploads: ${name}`, make, options, (tests) => {
    registerLife(tests);
    registerRefusals(tests);
  });
}

/** Uploads one part. @returns its ETag. */
async function send(
  { uploads, put }: PartUploadsFixture,
  key: string,
  id: string,
  part: number,
  body: Uint8Array<ArrayBuffer>,
) {
  const link = await uploads.partLink(key, id, { part, sizeBytes: body.length });
  const { status, etag } = await put(link, body);
  expect(status).toBe(200);
  expect(etag).toMatch(/./);
  return { part, etag: etag ?? '' };
}

function registerLife({ test }: Suite<PartUploadsFixture>): void {
  test('makes an object of parts that came in any order, and only at the end', async (fixture) => {
    const { uploads, objects } = fixture;
    const key = uniqueName('parts');
    const [first, last] = [bytesOf(minPartBytes, 1), bytesOf(1000, 2)];
    const id = await uploads.begin(key, { contentType: 'image/tiff' });
    expect(await uploads.parts(key, id)).toEqual([]);
    const two = await send(fixture, key, id, 2, last);
    const one = await send(fixture, key, id, 1, first);
    expect((await uploads.parts(key, id)).map(({ part, sizeBytes }) => [part, sizeBytes])).toEqual([
      [1, minPartBytes],
      [2, 1000],
    ]);
    expect(await codeOf(objects.getRange(key, 0, 1))).toBe('NotFound');
    await uploads.complete(key, id, [two, one]);
    const whole = await objects.get(key);
    expect(sha256Hex(whole)).toBe(sha256Hex(Buffer.concat([first, last])));
    expect(await codeOf(uploads.parts(key, id))).toBe('NotFound');
    await objects.delete(key);
  });

  test('takes a part again: the last one counts', async (fixture) => {
    const { uploads, objects } = fixture;
    const key = uniqueName('again');
    const id = await uploads.begin(key);
    const old = await send(fixture, key, id, 1, bytesOf(10, 1));
    const now = await send(fixture, key, id, 1, bytesOf(10, 2));
    expect(await codeOf(uploads.complete(key, id, [old]))).toBe('InvalidInput');
    await uploads.complete(key, id, [now]);
    expect(await objects.get(key)).toEqual(bytesOf(10, 2));
    await objects.delete(key);
  });

  test('gives an upload up, any number of times', async (fixture) => {
    const { uploads, objects } = fixture;
    const key = uniqueName('abort');
    const id = await uploads.begin(key);
    const part = await send(fixture, key, id, 1, bytesOf(10, 1));
    await uploads.abort(key, id);
    await uploads.abort(key, id);
    expect(await codeOf(uploads.parts(key, id))).toBe('NotFound');
    expect(await codeOf(uploads.complete(key, id, [part]))).toBe('NotFound');
    expect(await codeOf(objects.getRange(key, 0, 1))).toBe('NotFound');
  });

  test('keeps two uploads of one key apart', async (fixture) => {
    const { uploads, objects } = fixture;
    const key = uniqueName('twice');
    const [a, b] = [await uploads.begin(key), await uploads.begin(key)];
    const partA = await send(fixture, key, a, 1, bytesOf(10, 1));
    const partB = await send(fixture, key, b, 1, bytesOf(20, 2));
    await uploads.complete(key, a, [partA]);
    await uploads.complete(key, b, [partB]);
    expect(await objects.get(key)).toEqual(bytesOf(20, 2));
    await objects.delete(key);
  });
}

function registerRefusals({ test }: Suite<PartUploadsFixture>): void {
  test('completes nothing of parts that are missing, none or small', async (fixture) => {
    const { uploads } = fixture;
    const key = uniqueName('missing');
    const id = await uploads.begin(key);
    const one = await send(fixture, key, id, 1, bytesOf(10, 1));
    const two = await send(fixture, key, id, 2, bytesOf(10, 2));
    expect(await codeOf(uploads.complete(key, id, []))).toBe('InvalidInput');
    expect(await codeOf(uploads.complete(key, id, [one, { part: 3, etag: one.etag }]))).toBe('InvalidInput');
    expect(await codeOf(uploads.complete(key, id, [one, two]))).toBe('InvalidInput');
    await uploads.abort(key, id);
  });

  test('refuses part numbers and sizes that no store takes, and lives beyond an hour', async ({
    uploads,
  }) => {
    const key = uniqueName('numbers');
    const id = await uploads.begin(key);
    for (const part of [0, 10_001, 1.5]) {
      expect(await codeOf(uploads.partLink(key, id, { part, sizeBytes: 1 }))).toBe('InvalidInput');
    }
    for (const sizeBytes of [0, -1, 6e9]) {
      expect(await codeOf(uploads.partLink(key, id, { part: 1, sizeBytes }))).toBe('InvalidInput');
    }
    const long = uploads.partLink(key, id, { part: 1, sizeBytes: 1 }, { expiresInS: 3601 });
    expect(await codeOf(long)).toBe('InvalidInput');
    await uploads.abort(key, id);
  });

  test('takes no part of another size than the link is for', async ({ uploads, put }) => {
    const key = uniqueName('size');
    const id = await uploads.begin(key);
    const link = await uploads.partLink(key, id, { part: 1, sizeBytes: 10 });
    for (const length of [9, 11]) {
      const { status } = await put(link, bytesOf(length, 1));
      expect(status).toBeGreaterThanOrEqual(400);
    }
    expect(await uploads.parts(key, id)).toEqual([]);
    await uploads.abort(key, id);
  });

  test('takes nothing by a link that was changed', async ({ uploads, put }) => {
    const key = uniqueName('forged');
    const id = await uploads.begin(key);
    const link = new URL(await uploads.partLink(key, id, { part: 1, sizeBytes: 10 }));
    for (const [name, value] of link.searchParams) {
      if (!/signature|expires/i.test(name)) continue;
      const forged = new URL(link);
      forged.searchParams.set(name, `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`);
      expect((await put(forged.href, bytesOf(10, 1))).status).toBeGreaterThanOrEqual(400);
    }
    await uploads.abort(key, id);
  });
}

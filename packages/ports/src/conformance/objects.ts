import { sha256Hex } from '@swath/core';
import { expect } from 'vitest';
import type { Objects } from '../objects.ts';
import { registerObjectStreams } from './object-streams.ts';
import { bytes, codeOf, type Suite, type SuiteOptions, suite, text, uniqueName } from './support.ts';
export interface ObjectsFixture {
  readonly objects: Objects;
  readonly close?: () => Promise<void>;
}

/** What every Objects promises. Tests share one bucket and keep apart by prefix. */
export function objectsConformance(
  name: string,
  makeObjects: () => Promise<ObjectsFixture>,
  options: SuiteOptions = {},
): void {
  suite(`Objects: ${name}`, makeObjects, options, (tests) => {
    registerContent(tests);
    registerKeys(tests);
    registerListing(tests);
    registerObjectStreams(tests);
    registerCopies(tests);
  });
}

function registerContent({ test }: Suite<ObjectsFixture>): void {
  test('gives back what was put, with its facts', async ({ objects }) => {
    const key = uniqueName('put');
    const put = await objects.put(key, bytes('hello'), { contentType: 'text/plain' });
    expect(put).toEqual({
      key,
      sizeBytes: 5,
      sha256: sha256Hex('hello'),
      etag: expect.any(String),
      contentType: 'text/plain',
    });
    expect(await objects.head(key)).toEqual(put);
    expect(text(await objects.get(key))).toBe('hello');
  });

  test('calls bytes octet-stream when nobody says more', async ({ objects }) => {
    const info = await objects.put(uniqueName('untyped'), bytes('x'));
    expect(info.contentType).toBe('application/octet-stream');
  });

  test('says NotFound for an absent object', async ({ objects }) => {
    const key = uniqueName('absent');
    expect(await codeOf(objects.get(key))).toBe('NotFound');
    expect(await codeOf(objects.getRange(key, 0, 1))).toBe('NotFound');
    expect(await codeOf(objects.copy(key, `${key}-to`))).toBe('NotFound');
    expect(await objects.head(key)).toBeUndefined();
  });

  test('replaces content and changes the etag', async ({ objects }) => {
    const key = uniqueName('replace');
    const first = await objects.put(key, bytes('one'));
    const second = await objects.put(key, bytes('two!'));
    expect(second.etag).not.toBe(first.etag);
    expect(text(await objects.get(key))).toBe('two!');
  });

  test('keeps an empty object', async ({ objects }) => {
    const key = uniqueName('empty');
    await objects.put(key, new Uint8Array());
    expect((await objects.head(key))?.sizeBytes).toBe(0);
    expect(await objects.get(key)).toHaveLength(0);
    expect(await codeOf(objects.getRange(key, 0, 1))).toBe('LimitExceeded');
  });

  test('creates once under ifAbsent', async ({ objects }) => {
    const key = uniqueName('once');
    await objects.put(key, bytes('first'), { ifAbsent: true });
    expect(await codeOf(objects.put(key, bytes('second'), { ifAbsent: true }))).toBe('Conflict');
    expect(text(await objects.get(key))).toBe('first');
  });

  test('lets exactly one of 20 racers create an object', async ({ objects }) => {
    const key = uniqueName('race');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, racer) => objects.put(key, bytes(`racer ${racer}`), { ifAbsent: true })),
    );
    const winners = outcomes.flatMap((outcome, racer) => (outcome.status === 'fulfilled' ? [racer] : []));
    expect(winners).toHaveLength(1);
    expect(text(await objects.get(key))).toBe(`racer ${winners[0]}`);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(await codeOf(Promise.reject(outcome.reason))).toBe('Conflict');
    }
  });

  test('stores nothing when the checksum is another', async ({ objects }) => {
    const key = uniqueName('checksum');
    const wrong = objects.put(key, bytes('content'), { sha256: sha256Hex('other content') });
    expect(await codeOf(wrong)).toBe('Corrupt');
    expect(await objects.head(key)).toBeUndefined();
    await objects.put(key, bytes('content'), { sha256: sha256Hex('content') });
    const worse = objects.put(key, bytes('changed'), { sha256: sha256Hex('content') });
    expect(await codeOf(worse)).toBe('Corrupt');
    expect(text(await objects.get(key))).toBe('content');
    expect(await codeOf(objects.put(key, bytes('x'), { sha256: 'ABC' }))).toBe('InvalidInput');
  });

  test('reads ranges, cut at the end', async ({ objects }) => {
    const key = uniqueName('range');
    await objects.put(key, bytes('0123456789'));
    const range = async (offset: number, length: number) => text(await objects.getRange(key, offset, length));
    expect(await range(0, 1)).toBe('0');
    expect(await range(0, 10)).toBe('0123456789');
    expect(await range(3, 4)).toBe('3456');
    expect(await range(9, 1)).toBe('9');
    expect(await range(9, 100)).toBe('9');
    expect(await range(0, 1_000_000)).toBe('0123456789');
    expect(await codeOf(objects.getRange(key, 10, 1))).toBe('LimitExceeded');
    expect(await codeOf(objects.getRange(key, 11, 5))).toBe('LimitExceeded');
    expect(await codeOf(objects.getRange(key, -1, 5))).toBe('InvalidInput');
    expect(await codeOf(objects.getRange(key, 0, 0))).toBe('InvalidInput');
    expect(await codeOf(objects.getRange(key, 0.5, 1))).toBe('InvalidInput');
  });

  test('stops when the signal says so', async ({ objects }) => {
    const key = uniqueName('abort');
    await objects.put(key, bytes('x'));
    const signal = AbortSignal.abort();
    expect(await codeOf(objects.get(key, { signal }))).toBe('Cancelled');
    expect(await codeOf(objects.getRange(key, 0, 1, { signal }))).toBe('Cancelled');
    expect(await codeOf(objects.put(`${key}-2`, bytes('x'), { signal }))).toBe('Cancelled');
    expect(await objects.head(`${key}-2`)).toBeUndefined();
  });

  test('deletes, also what is not there', async ({ objects }) => {
    const key = uniqueName('delete');
    await objects.put(key, bytes('x'));
    await objects.delete(key);
    await objects.delete(key);
    expect(await objects.head(key)).toBeUndefined();
  });

  test('keeps its own copy of the bytes', async ({ objects }) => {
    const key = uniqueName('alias');
    const mine = bytes('abc');
    await objects.put(key, mine);
    mine[0] = 0x78;
    const got = await objects.get(key);
    got[1] = 0x78;
    expect(text(await objects.get(key))).toBe('abc');
  });
}

function registerKeys({ test }: Suite<ObjectsFixture>): void {
  const strange = [
    '../x',
    'a/../../../etc/passwd',
    'a//b',
    '//',
    '/absolute',
    'trailing/',
    '.',
    '..',
    './here',
    '%2e%2e/x',
    '%00',
    'sp ace+plus&amp=%20?query#fragment',
    'back\\slash',
    'quote\'"<>',
    'Zürich/卫星/🛰.tif',
    'e\u0301',
    '\u00e9',
    'CON',
    'aux.txt.',
    'UPPER',
    'upper',
    'x'.repeat(980),
    'ü'.repeat(490),
  ];
  for (const key of strange) {
    test(`takes the key ${key.length > 60 ? `of ${key.length} characters ${key[0]}` : key}`, async ({
      objects,
    }) => {
      // The prefix comes last so that the strange part begins the key.
      const whole = `${key}${uniqueName('-')}`.slice(0, 1_000);
      const put = await objects.put(whole, bytes(whole));
      expect(put.key).toBe(whole);
      expect(text(await objects.get(whole))).toBe(whole);
      expect(text(await objects.getRange(whole, 0, 2_000))).toBe(whole);
      const listed = await objects.list(whole);
      expect(listed.objects).toEqual([put]);
      await objects.copy(whole, `copy-${whole}`);
      expect(text(await objects.get(`copy-${whole}`))).toBe(whole);
      await objects.delete(whole);
      expect(await objects.head(whole)).toBeUndefined();
      expect(text(await objects.get(`copy-${whole}`))).toBe(whole);
    });
  }

  test('takes a key of 1,024 bytes and refuses one byte more', async ({ objects }) => {
    const key = uniqueName('long').padEnd(1_024, 'x');
    await objects.put(key, bytes('x'));
    expect(await objects.head(key)).toBeDefined();
    for (const wrong of [`${key}x`, `${key.slice(0, -1)}é`, '']) {
      expect(await codeOf(objects.put(wrong, bytes('x')))).toBe('InvalidInput');
      expect(await codeOf(objects.get(wrong))).toBe('InvalidInput');
      expect(await codeOf(objects.head(wrong))).toBe('InvalidInput');
    }
  });

  test('refuses control characters and half a surrogate pair', async ({ objects }) => {
    for (const key of ['a\nb', 'a\u0000b', '\u007f', 'a\ud83d']) {
      expect(await codeOf(objects.put(key, bytes('x')))).toBe('InvalidInput');
      expect(await codeOf(objects.delete(key))).toBe('InvalidInput');
    }
  });
}

function registerListing({ test }: Suite<ObjectsFixture>): void {
  test('lists a prefix by UTF-8 bytes, in pages', async ({ objects }) => {
    const prefix = `${uniqueName('list')}/`;
    const names = ['A', 'a/b', 'a//b', 'b', '%', '_', 'é', '\ufffd', '🛰'];
    for (const name of names) await objects.put(prefix + name, bytes(name));
    await objects.put(`${prefix.slice(0, -1)}0`, bytes('beside'));
    const sorted = [...names].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await objects.list(prefix, { limit: 2, ...(after === undefined ? {} : { after }) });
      expect(page.objects.length).toBeLessThanOrEqual(2);
      seen.push(...page.objects.map((info) => info.key.slice(prefix.length)));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(sorted);
    const whole = await objects.list(prefix);
    expect(whole.next).toBeUndefined();
    expect(whole.objects[0]).toEqual(await objects.head(`${prefix}%`));
  });

  test('lists from after a key that need not exist', async ({ objects }) => {
    const prefix = `${uniqueName('after')}/`;
    for (const name of ['a', 'c', 'd']) await objects.put(prefix + name, bytes(name));
    const { objects: found } = await objects.list(prefix, { after: `${prefix}b` });
    expect(found.map((info) => info.key)).toEqual([`${prefix}c`, `${prefix}d`]);
    const none = await objects.list(prefix, { after: `${prefix}d` });
    expect(none).toEqual({ objects: [] });
  });

  test('refuses a page of none or of more than a thousand', async ({ objects }) => {
    expect(await codeOf(objects.list('', { limit: 0 }))).toBe('InvalidInput');
    expect(await codeOf(objects.list('', { limit: 1_001 }))).toBe('InvalidInput');
  });
}

function registerCopies({ test }: Suite<ObjectsFixture>): void {
  test('copies content and type, and then goes separate ways', async ({ objects }) => {
    const from = uniqueName('from');
    const to = uniqueName('to');
    const source = await objects.put(from, bytes('content'), { contentType: 'image/tiff' });
    const copied = await objects.copy(from, to);
    expect(copied).toMatchObject({ key: to, sizeBytes: 7, sha256: source.sha256, contentType: 'image/tiff' });
    await objects.put(from, bytes('changed'));
    await objects.delete(from);
    expect(text(await objects.get(to))).toBe('content');
  });

  test('copies over what is there unless told not to', async ({ objects }) => {
    const from = uniqueName('from');
    const to = uniqueName('to');
    await objects.put(from, bytes('new'));
    await objects.put(to, bytes('old'));
    expect(await codeOf(objects.copy(from, to, { ifAbsent: true }))).toBe('Conflict');
    expect(text(await objects.get(to))).toBe('old');
    await objects.copy(from, to);
    expect(text(await objects.get(to))).toBe('new');
  });

  test('links for an hour at most', async ({ objects }) => {
    const key = uniqueName('link');
    await objects.put(key, bytes('x'));
    expect(new URL(await objects.link(key, { expiresInS: 3_600 })).href).toContain('link');
    expect(await codeOf(objects.link(key, { expiresInS: 3_601 }))).toBe('InvalidInput');
    expect(await codeOf(objects.link(key, { expiresInS: 0 }))).toBe('InvalidInput');
  });
}

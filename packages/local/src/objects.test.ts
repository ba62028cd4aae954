import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSwathError, SwathError } from '@swath/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalObjectStore, localObjectStore } from './objects.ts';

let folder: string;
let store: LocalObjectStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-objects-'));
  store = localObjectStore({ folder });
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const files = () =>
  readdirSync(join(folder, 'content'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.length > 2,
  );
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof SwathError ? error.code : String(error)),
  );

describe('localObjectStore', () => {
  it('names files by chance, so that no key reaches the file system', async () => {
    const results = store.bucket('results');
    for (const key of ['../../escape', '/etc/passwd', 'a/b', 'CON', 'x'.repeat(1_024)]) {
      await results.put(key, bytes(key));
    }
    expect(files()).toHaveLength(5);
    expect(files().every((name) => /^[0-9a-f]{2}[/\\][0-9a-f-]{36}$/.test(name))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual([
      'content',
      'objects.sqlite',
      'objects.sqlite-shm',
      'objects.sqlite-wal',
    ]);
  });

  it('keeps buckets apart', async () => {
    await store.bucket('a').put('key', bytes('of a'));
    expect(await store.bucket('b').head('key')).toBeUndefined();
    expect((await store.bucket('b').list('')).objects).toEqual([]);
  });

  it('keeps no file that no row names', async () => {
    const results = store.bucket('results');
    await results.put('key', bytes('one'));
    await results.put('key', bytes('two'));
    await results.copy('key', 'copy');
    expect(files()).toHaveLength(1);
    await results.delete('key');
    expect(files()).toHaveLength(1);
    await results.put('copy', bytes('three'));
    expect(files()).toHaveLength(1);
    await codeOf(results.put('copy', bytes('four'), { ifAbsent: true }));
    await codeOf(results.put('other', bytes('five'), { sha256: '0'.repeat(64) }));
    expect(files()).toHaveLength(1);
    await results.delete('copy');
    expect(files()).toEqual([]);
  });

  it('copies an object onto itself without losing it', async () => {
    const results = store.bucket('results');
    await results.put('key', bytes('content'));
    await results.copy('key', 'key');
    expect(Buffer.from(await results.get('key')).toString()).toBe('content');
  });

  it('sweeps what a crash left, and nothing that is named or young', async () => {
    const results = store.bucket('results');
    await results.put('kept', bytes('kept'));
    const [kept = ''] = files();
    const nowMs = Date.parse('2026-11-21T12:00:00Z');
    const orphan = (digit: string, ageMs: number) => {
      const name = join(
        folder,
        'content',
        `${digit}${digit}`,
        `${digit.repeat(8)}-1111-4111-8111-111111111111`,
      );
      mkdirSync(join(folder, 'content', `${digit}${digit}`), { recursive: true });
      writeFileSync(name, 'left by a crash');
      utimesSync(name, (nowMs - ageMs) / 1000, (nowMs - ageMs) / 1000);
    };
    orphan('a', 2 * 3_600_000);
    orphan('b', 60_000);
    utimesSync(join(folder, 'content', kept), 0, 0);
    expect(await store.sweep(nowMs)).toBe(1);
    expect(files()).toHaveLength(2);
    expect(await store.sweep(nowMs + 3_600_000)).toBe(1);
    expect(files()).toEqual([kept]);
  });

  it('reads whole objects while they are replaced a hundred times', async () => {
    const results = store.bucket('results');
    const content = (n: number) => new Uint8Array(50_000).fill(n);
    await results.put('key', content(0));
    let writing = true;
    const writer = (async () => {
      for (let n = 1; n <= 100; n++) await results.put('key', content(n));
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      const got = await results.get('key');
      expect(got).toHaveLength(50_000);
      expect(got.every((byte) => byte === got[0])).toBe(true);
      reads++;
    }
    await writer;
    expect(reads).toBeGreaterThan(10);
  });

  it('says Corrupt, not NotFound, when the folder has lost a file or a part of it', async () => {
    const results = store.bucket('results');
    await results.put('key', bytes('content'));
    const file = join(folder, 'content', files()[0] ?? '');
    truncateSync(file, 3);
    expect(await codeOf(results.get('key'))).toBe('Corrupt');
    expect(await codeOf(results.getRange('key', 0, 7))).toBe('Corrupt');
    rmSync(file);
    expect(await codeOf(results.get('key'))).toBe('Corrupt');
    expect(await codeOf(results.getRange('key', 0, 7))).toBe('Corrupt');
  });

  it('says Unavailable when the disk refuses', async () => {
    rmSync(join(folder, 'content'), { recursive: true });
    writeFileSync(join(folder, 'content'), 'a file where the folder was');
    const error = await store
      .bucket('results')
      .put('key', bytes('x'))
      .catch((caught: unknown) => caught);
    expect(isSwathError(error, 'Unavailable')).toBe(true);
  });

  it('makes no links when nobody serves them', async () => {
    expect(await codeOf(store.bucket('results').link('key'))).toBe('Unsupported');
  });
});

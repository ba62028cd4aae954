import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tableFolder } from './table-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-tables-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const once = { ifAbsent: true, contentType: 'x' } as const;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a folder of table files', () => {
  it('keeps what was put first, whole, under a path that is its key', async () => {
    const files = tableFolder(folder);
    const key = 'usage/date=2026-01-01/collection=a%2Fb/one.parquet';
    await files.put(key, bytes('first'), once);
    await expect(files.put(key, bytes('second'), once)).rejects.toMatchObject({ code: 'Conflict' });
    expect(new TextDecoder().decode(await files.get(key))).toBe('first');
    expect((await files.list('')).objects).toEqual([{ key, sizeBytes: 5 }]);
  });

  it('lists by prefix in the order of keys, nothing where there is no folder, and forgets what is deleted', async () => {
    const files = tableFolder(folder);
    const keys = ['results/b.parquet', 'results/a/c.parquet', 'usage/a.parquet'];
    for (const key of keys) await files.put(key, bytes(key), once);
    const listed = async (prefix: string) => (await files.list(prefix)).objects.map(({ key }) => key);
    expect(await listed('results/')).toEqual(['results/a/c.parquet', 'results/b.parquet']);
    expect(await listed('results/a')).toEqual(['results/a/c.parquet']);
    expect(await listed('statistics/')).toEqual([]);
    await files.delete('results/b.parquet');
    await files.delete('results/b.parquet');
    expect(await listed('results/')).toEqual(['results/a/c.parquet']);
    await expect(files.get('results/b.parquet')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it.each(['../x', 'a/../../x', '/x', 'a//b', './a', 'a/./b', 'a\\b'])(
    'takes no other path: %s',
    async (key) => {
      await expect(async () => tableFolder(folder).put(key, bytes(''), once)).rejects.toMatchObject({
        code: 'Bug',
      });
    },
  );
});

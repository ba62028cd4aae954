import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSwathError } from '@swath/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from './sqlite.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const one = 'CREATE TABLE t (a TEXT) STRICT;';
const two = 'ALTER TABLE t ADD COLUMN b INTEGER;';
const openWith = (...migrations: string[]) =>
  openDatabase({ file: join(folder, 'x.sqlite'), migrations, synchronous: 'normal' });

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe('openDatabase', () => {
  it('migrates an older file and keeps its rows', () => {
    const old = openWith(one);
    old.run("INSERT INTO t VALUES ('kept')");
    old.close();
    const current = openWith(one, two);
    expect(current.get('SELECT a, b FROM t')).toMatchObject({ a: 'kept', b: null });
    current.close();
  });

  it('refuses a file of a newer version, and says what to do', () => {
    openWith(one, two).close();
    const error = caught(() => openWith(one));
    expect(isSwathError(error, 'Unsupported') && error.message).toMatch(/schema version 2; .* knows 1/);
    expect(isSwathError(error) && error.fix).toContain('newer Swath');
  });

  it('leaves the file as it was when a migration fails', () => {
    openWith(one).close();
    expect(isSwathError(caught(() => openWith(one, `${two} CREATE NONSENSE`)))).toBe(true);
    const again = openWith(one, two);
    expect(again.all('SELECT a, b FROM t')).toEqual([]);
    again.close();
  });

  it('says Corrupt of a file that is no database', () => {
    writeFileSync(join(folder, 'x.sqlite'), 'not a database, but long enough to be looked at'.repeat(50));
    expect(
      isSwathError(
        caught(() => openWith(one)),
        'Corrupt',
      ),
    ).toBe(true);
  });

  it('undoes a transaction whose body throws, and passes the error on', () => {
    const database = openWith(one);
    const error = new RangeError('no');
    expect(
      caught(() =>
        database.write(() => {
          database.run("INSERT INTO t VALUES ('gone')");
          throw error;
        }),
      ),
    ).toBe(error);
    expect(database.all('SELECT * FROM t')).toEqual([]);
    expect(database.write(() => 5)).toBe(5);
    database.close();
  });

  it('is opened for the first time by eight processes at once, and counts every write of each', async () => {
    const file = join(folder, 'shared.sqlite');
    const script = `
      import { localTable } from '@swath/local/table';
      const table = localTable({ file: ${JSON.stringify(file)} });
      for (let i = 0; i < 25; i++) await table.transact([{ update: { pk: 'a', sk: 'a' }, add: { n: 1 } }]);
      table.close();`;
    const ended = Array.from({ length: 8 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        cwd: join(import.meta.dirname, '../../..'),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      return new Promise<number | null>((resolve) => child.on('exit', resolve));
    });
    expect(await Promise.all(ended)).toEqual(Array(8).fill(0));
    const database = openDatabase({ file, migrations: ['already there'], synchronous: 'normal' });
    expect(JSON.parse(String(database.get('SELECT body FROM rows')?.['body']))).toEqual({
      pk: 'a',
      sk: 'a',
      n: 200,
    });
    database.close();
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { openDatabase } from './sqlite.ts';
import { localTable } from './table.ts';

/** Acknowledgements after which each round is killed: early, in the middle of the first checkpoint, later. */
const rounds = [1, 7, 60, 250, 400];

/** Writes pairs of rows for ever and prints the number of each pair once it is acknowledged. */
function startWriter(file: string, from: number): ChildProcess {
  const script = `
    import { writeSync } from 'node:fs';
    import { localTable } from '@swath/local/table';
    const table = localTable({ file: ${JSON.stringify(file)} });
    for (let n = ${from}; ; n++) {
      await table.transact([
        { put: { pk: 'head', sk: 'HEAD', n } },
        { put: { pk: 'event', sk: String(n).padStart(8, '0'), blob: 'x'.repeat(n % 3_000) }, if: { exists: false } },
      ]);
      writeSync(1, n + '\\n');
    }`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills the writer after so many acknowledgements. @returns the last one that arrived. */
async function killAfter(writer: ChildProcess, acknowledgements: number): Promise<number> {
  if (writer.stdout === null) throw new Error('the writer has no output');
  const exited = once(writer, 'exit');
  let last = -1;
  let count = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    if (++count === acknowledgements) writer.kill('SIGKILL');
  }
  await exited;
  return last;
}

describe('a killed process', () => {
  it('loses no acknowledged transaction, leaves no half of one and no damage', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-kill-'));
    const file = join(folder, 'table.sqlite');
    try {
      let from = 0;
      for (const acknowledgements of rounds) {
        const last = await killAfter(startWriter(file, from), acknowledgements);
        expect(last - from + 1).toBeGreaterThanOrEqual(acknowledgements);
        const table = localTable({ file });
        const head = Number((await table.get({ pk: 'head', sk: 'HEAD' }))?.['n']);
        // The one in flight at the kill may be there, in full.
        expect([last, last + 1]).toContain(head);
        const { rows } = await table.query({ partition: 'event', limit: 10_000 });
        expect(rows.map((row) => Number(row.sk))).toEqual(Array.from({ length: head + 1 }, (_, n) => n));
        table.close();
        const database = openDatabase({ file, migrations: ['already there'], synchronous: 'full' });
        expect(database.get('PRAGMA integrity_check')).toMatchObject({ integrity_check: 'ok' });
        database.close();
        from = head + 1;
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

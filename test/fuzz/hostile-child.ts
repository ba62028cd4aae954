/**
 * Reads hostile files one after the other, and measures each: prints one JSON line a file. Started by hostile.test.ts
 * with `generated`, or with a folder of files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSwathError } from '@swath/core';
import { hostileFiles } from './hostile-files.ts';
import { type Outcome, readSome, untyped } from './read.ts';
import { cpuMs, peakMiB, startPeakMiB } from './resources.ts';
import { allSeeds } from './seeds.ts';

const what = process.argv[2] ?? 'generated';

function* folderFiles(root: string): Generator<{ name: string; bytes: Uint8Array }> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    yield { name, bytes: new Uint8Array(readFileSync(join(parentPath, name))) };
  }
}

/** The worst that happened: the error of opening, or of the first window that has one. */
function ending(outcome: Outcome): {
  readonly code: string;
  readonly message: string;
  readonly samples: number[];
} {
  const read = outcome.kind === 'refused' ? outcome : outcome.reads.find(({ error }) => error !== undefined);
  const first = outcome.kind === 'image' ? outcome.reads[0]?.data : undefined;
  const samples = first === undefined ? [] : Array.from(first.subarray(0, 16), Number);
  if (read === undefined) return { code: 'pixels', message: '', samples };
  const { error } = read;
  if (isSwathError(error)) return { code: error.code, message: error.message, samples };
  return { code: 'untyped', message: String(error), samples };
}

// Every decoder is loaded and compiled before anything is measured: that is paid once, and by no file.
for (let round = 0; round < 3; round++) {
  for (const { bytes } of allSeeds().filter(({ name }) => !name.includes('/'))) await readSome(bytes);
}
for (const { name, bytes } of what === 'generated' ? hostileFiles() : folderFiles(what)) {
  const costs: { cpu: number; mib: number }[] = [];
  let outcome: Outcome | undefined;
  // Collections of garbage fall on whoever comes: the better of at most three readings counts.
  while (costs.length < 3) {
    const base = startPeakMiB();
    const start = cpuMs();
    outcome = await readSome(bytes, name);
    costs.push({ cpu: cpuMs() - start, mib: peakMiB() - base });
    const last = costs.at(-1);
    if (last !== undefined && last.cpu < 100 && last.mib < 40) break;
  }
  if (outcome === undefined) throw new Error(`${name} was not read`);
  const cpu = Math.min(...costs.map((cost) => cost.cpu));
  const mib = Math.min(...costs.map((cost) => cost.mib));
  console.log(
    JSON.stringify({ name, ...ending(outcome), untyped: untyped(outcome) !== undefined, cpu, mib }),
  );
}

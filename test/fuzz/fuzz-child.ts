/**
 * Reads mutants `from` to `to` of a seed; started by fuzz.ts. Before each mutant its number is written to the progress
 * file, so that whoever watches knows which one hangs or kills this process. Prints one JSON line at the end.
 */
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isSwathError } from '@swath/core';
import * as z from 'zod';
import { expectation } from './expectation.ts';
import { ACCEPTED_SHARE, MAX_CPU_MS, MAX_MEMORY_MIB } from './limits.ts';
import { mutate } from './mutate.ts';
import { randomOf } from './random.ts';
import { type Outcome, readSome, untyped } from './read.ts';
import { cpuMs } from './resources.ts';
import { allSeeds, type Seed } from './seeds.ts';

const plan = z
  .object({
    seed: z.number(),
    from: z.number(),
    to: z.number(),
    folder: z.string(),
    samples: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const seeds = allSeeds();
const progress = openSync(join(plan.folder, 'progress'), 'w');
const number = Buffer.alloc(8);
const counts = { images: 0, refused: 0, codes: new Map<string, number>() };
const findings: { readonly index: number; readonly what: string }[] = [];
let samples = 0;
const sampleOneIn = Math.max(
  1,
  Math.floor(((plan.to - plan.from) * ACCEPTED_SHARE) / Math.max(1, plan.samples)),
);

/** Cost of reading once: CPU, and how far the peak of resident memory rose. */
async function measured(bytes: Uint8Array): Promise<{ outcome: Outcome; cpu: number; mib: number }> {
  const before = process.resourceUsage().maxRSS;
  const start = cpuMs();
  const outcome = await readSome(bytes);
  return { outcome, cpu: cpuMs() - start, mib: (process.resourceUsage().maxRSS - before) / 1024 };
}

for (let index = plan.from; index < plan.to; index++) {
  number.writeDoubleLE(index);
  writeSync(progress, number, 0, 8, 0);
  const random = randomOf(plan.seed, index);
  const bytes = mutate(random.pick<Seed>(seeds), seeds, random);
  const { outcome, cpu, mib } = await measured(bytes);
  const bad = untyped(outcome);
  if (bad !== undefined) findings.push({ index, what: `untyped: ${describe(bad)}` });
  if (mib > MAX_MEMORY_MIB) findings.push({ index, what: `memory: ${mib.toFixed(0)} MiB` });
  if (cpu > MAX_CPU_MS) {
    // Compilation and garbage collection fall on whoever comes first: the best of three counts.
    const again = Math.min((await measured(bytes)).cpu, (await measured(bytes)).cpu);
    if (again > MAX_CPU_MS) findings.push({ index, what: `cpu: ${again.toFixed(0)} ms` });
  }
  if (outcome.kind === 'refused') {
    counts.refused++;
    const code = isSwathError(outcome.error) ? outcome.error.code : 'untyped';
    counts.codes.set(code, (counts.codes.get(code) ?? 0) + 1);
  } else {
    counts.images++;
    if (samples < plan.samples && index % sampleOneIn === 0) {
      const expected = expectation(outcome);
      if (expected !== undefined) {
        samples++;
        writeFileSync(join(plan.folder, `${index}.tif`), bytes);
        writeFileSync(join(plan.folder, `${index}.json`), JSON.stringify(expected));
      }
    }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${isSwathError(error) ? error.code : error.name}: ${error.message}\n${error.stack ?? ''}`.slice(
    0,
    1500,
  );
}

console.log(
  JSON.stringify({
    images: counts.images,
    refused: counts.refused,
    codes: Object.fromEntries(counts.codes),
    samples,
    findings,
  }),
);

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { compareWithGdal, type Difference, type Excused } from './gdal.ts';
import { BATCH, HANG_MS } from './limits.ts';
import { mutate } from './mutate.ts';
import { randomOf } from './random.ts';
import { allSeeds } from './seeds.ts';

export interface FuzzPlan {
  readonly mutants: number;
  readonly seed: number;
  /** Accepted mutants that GDAL reads too. 0: none. */
  readonly samples: number;
  /** Failing mutants are written here. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** A mutant that broke a promise, and the file to replay it with. */
export interface Finding {
  readonly file: string;
  readonly what: string;
}

export interface FuzzReport {
  readonly seed: number;
  readonly mutants: number;
  readonly images: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Files that GDAL and we both read, and that were compared. */
  readonly compared: number;
  readonly findings: readonly Finding[];
  readonly differences: readonly Difference[];
  /** Compared files with other pixels where neither reader is wrong, by the reason. */
  readonly excused: Excused;
}

const batchSchema = z.object({
  images: z.number(),
  refused: z.number(),
  codes: z.record(z.string(), z.number()),
  samples: z.number(),
  findings: z.array(z.object({ index: z.number(), what: z.string() })),
});
type Batch = z.infer<typeof batchSchema>;

interface BatchPlan {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly folder: string;
  readonly samples: number;
}

/** Runs one child; ends in its report, or in the mutant at which it hung or died. */
function runBatch(plan: BatchPlan): Promise<Batch | { readonly stuck: number; readonly what: string }> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, 'fuzz-child.ts');
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, JSON.stringify(plan)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let out = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000);
    });
    const progress = (): number => {
      try {
        return readFileSync(join(plan.folder, 'progress')).readDoubleLE(0);
      } catch {
        return plan.from;
      }
    };
    let seen = plan.from;
    let hung = false;
    const watch = setInterval(() => {
      const now = progress();
      if (now === seen) {
        hung = true;
        child.kill('SIGKILL');
      }
      seen = now;
    }, HANG_MS);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      if (code === 0) return resolve(batchSchema.parse(JSON.parse(out)));
      const what = hung ? 'hang' : `crash: ${signal ?? `exit code ${code}`}: ${complaints}`;
      resolve({ stuck: progress(), what });
    });
  });
}

/** Fuzzes, and holds a sample against GDAL where it is here. Each batch is a process of its own. */
export async function runFuzz(plan: FuzzPlan): Promise<FuzzReport> {
  const { mutants, seed, folder, log } = plan;
  const seeds = allSeeds();
  log(`seed ${seed}, ${mutants} mutants of ${seeds.length} files, failures in ${folder}`);
  const findings: Finding[] = [];
  const differences: Difference[] = [];
  const refused = new Map<string, number>();
  const excused = { codec: 0, overrun: 0 };
  let [images, compared] = [0, 0];
  const keep = (index: number, what: string): void => {
    const random = randomOf(seed, index);
    const file = join(folder, `failure-${seed}-${index}.bin`);
    writeFileSync(file, mutate(random.pick(seeds), seeds, random));
    findings.push({ file, what });
  };
  for (let from = 0; from < mutants; ) {
    const to = Math.min(from + BATCH, mutants);
    const work = join(folder, 'batch');
    mkdirSync(work, { recursive: true });
    const samples = Math.round((plan.samples * (to - from)) / mutants);
    const batch = await runBatch({ seed, from, to, folder: work, samples });
    if ('stuck' in batch) {
      keep(batch.stuck, batch.what);
      from = batch.stuck + 1;
    } else {
      images += batch.images;
      for (const [code, count] of Object.entries(batch.codes))
        refused.set(code, (refused.get(code) ?? 0) + count);
      for (const finding of batch.findings) keep(finding.index, finding.what);
      from = to;
    }
    const held =
      samples > 0 ? await compareWithGdal(work, folder) : { compared: 0, differences: [], excused: {} };
    compared += held.compared;
    excused.codec += held.excused.codec ?? 0;
    excused.overrun += held.excused.overrun ?? 0;
    differences.push(...held.differences);
    rmSync(work, { recursive: true });
    if (mutants > BATCH)
      log(`${from} done, ${findings.length} findings, ${differences.length} differences in ${compared}`);
  }
  return {
    seed,
    mutants,
    images,
    refused: Object.fromEntries(refused),
    compared,
    findings,
    differences,
    excused,
  };
}

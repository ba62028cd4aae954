import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { jobNames } from '../jobs/jobs.ts';
import { agreement } from '../verify/verify.ts';

/** Measured results that are checked in. */
export const resultsFolder = resolve(import.meta.dirname, '../results');

const measured = z.object({ wallS: z.number(), cpuS: z.number(), peakBytes: z.number().nullable() });

const target = z.object({ must: z.number(), aim: z.number() });

const peerResult = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('measured'),
    id: z.string(),
    title: z.string(),
    version: z.string(),
    /** How many times faster we should be on the whole tile; null: none set. */
    target: target.nullable(),
    /** Every run, in order. */
    pairs: z.array(z.object({ ours: measured, theirs: measured })).min(1),
    sizeBytes: z.number(),
    /** Our result against this peer's. */
    agreement,
  }),
  z.object({ status: z.literal('not installed'), id: z.string(), title: z.string() }),
  z.object({
    status: z.literal('failed'),
    id: z.string(),
    title: z.string(),
    version: z.string(),
    reason: z.string(),
  }),
]);

export type PeerResult = z.output<typeof peerResult>;
export type MeasuredPeer = Extract<PeerResult, { status: 'measured' }>;

export const machine = z.object({
  cpu: z.string(),
  cores: z.number(),
  memoryGb: z.number(),
  system: z.string(),
  node: z.string(),
});

export type Machine = z.output<typeof machine>;

export const jobResult = z.object({
  job: z.enum(jobNames),
  /** 10 m pixels on a side of the inputs. */
  size: z.number(),
  /** YYYY-MM-DD */
  date: z.string(),
  machine,
  /** Which program compressed the inputs. */
  inputWriter: z.string(),
  ours: z.object({
    sizeBytes: z.number(),
    validation: z.string(),
    /** Against exact positions, where the job has a reference of its own (warp: gdalwarp -et 0); else null. */
    reference: agreement.nullable(),
  }),
  peers: z.array(peerResult),
});

export type JobResult = z.output<typeof jobResult>;

export function thisMachine(): Machine {
  const found = cpus();
  return {
    cpu: found[0]?.model.trim() ?? 'unknown',
    cores: found.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]} ${arch()}`,
    node: process.version,
  };
}

export async function saveJobResult(result: JobResult): Promise<string> {
  await mkdir(resultsFolder, { recursive: true });
  const path = join(resultsFolder, `${result.job}-${result.size}.json`);
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

/** All checked-in job results: whole tiles first, then in the order of the jobs. */
export async function loadJobResults(): Promise<JobResult[]> {
  const pattern = new RegExp(`^(${jobNames.join('|')})-\\d+\\.json$`);
  await mkdir(resultsFolder, { recursive: true });
  const names = (await readdir(resultsFolder)).filter((name) => pattern.test(name));
  const results = await Promise.all(
    names.map(async (name) => jobResult.parse(JSON.parse(await readFile(join(resultsFolder, name), 'utf8')))),
  );
  return results.sort((a, b) => b.size - a.size || jobNames.indexOf(a.job) - jobNames.indexOf(b.job));
}

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { machine, resultsFolder } from './job-result.ts';
import { markdownTable } from './table.ts';

/** What one process measured: an entry for each window, the first of which opened the files. */
export const aoiRun = z.object({
  ms: z.array(z.number()),
  cpuMs: z.array(z.number()),
  /** Valid pixels of NDVI, and their mean. */
  valid: z.array(z.number()),
  mean: z.array(z.number()),
});

export type AoiRun = z.infer<typeof aoiRun>;

export const aoiResult = z.object({
  size: z.number(),
  delayMs: z.number(),
  date: z.string(),
  machine,
  target: z.object({ must: z.number(), aim: z.number() }),
  /** The peer first. Runs are in order: those of one index followed each other. */
  clients: z.array(z.object({ name: z.string(), traffic: z.string(), runs: z.array(aoiRun).min(1) })).min(2),
});

export type AoiResult = z.infer<typeof aoiResult>;

const jsonPath = join(resultsFolder, 'aoi-512.json');

export async function loadAoi(): Promise<AoiResult | undefined> {
  if (!existsSync(jsonPath)) return undefined;
  return aoiResult.parse(JSON.parse(await readFile(jsonPath, 'utf8')));
}

export async function saveAoi(result: AoiResult): Promise<void> {
  await mkdir(resultsFolder, { recursive: true });
  await writeFile(jsonPath, `${JSON.stringify(result, null, 2)}\n`);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

export const aoiHead = [
  '',
  'cold ms, median (best)',
  'headers known ms',
  'CPU ms, cold / headers known',
  'times faster, cold / headers known',
  'both windows',
];

/** A row for each client; ratios are medians of those within one round. */
export function aoiRows({ clients }: AoiResult): string[][] {
  const peer = clients[0]?.runs ?? [];
  return clients.map(({ name, traffic, runs }) => {
    const column = (of: 'ms' | 'cpuMs', at: number) => runs.map((run) => run[of][at] ?? Number.NaN);
    const ms = (at: number) =>
      `${median(column('ms', at)).toFixed(0)} (${Math.min(...column('ms', at)).toFixed(0)})`;
    const cpu = [0, 1].map((at) => median(column('cpuMs', at)).toFixed(0)).join(' / ');
    const ratio = [0, 1].map((at) =>
      median(column('ms', at).map((value, round) => (peer[round]?.ms[at] ?? Number.NaN) / value)),
    );
    return [name, ms(0), ms(1), cpu, ratio.map((value) => value.toFixed(2)).join(' / '), traffic];
  });
}

export function aoiMarkdown(result: AoiResult): string {
  const { size, delayMs, target, machine: where } = result;
  return [
    markdownTable(aoiHead, aoiRows(result)),
    '',
    `Masked NDVI of ${size} x ${size} pixels over HTTP, ${delayMs} ms added per request; ${where.cores} cores. Cold must be ${target.must} times faster, aim ${target.aim}.`,
  ].join('\n');
}

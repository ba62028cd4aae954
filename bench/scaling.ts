import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { RequestSpecInput } from '@swath/requests';
import { measureCloudy } from './cloudy.ts';
import { makeStack, STACK_DATES } from './inputs/stack.ts';
import { benchFolder, type Inputs, outputFolder } from './inputs.ts';
import { swathRun } from './jobs/jobs.ts';
import { bandsSpec, datesSpec, squareSpec } from './jobs/scaling-specs.ts';
import { measureCommand } from './measure/measure-command.ts';
import { spread } from './measure/pairs.ts';
import {
  type ScalingPoint,
  type ScalingResult,
  saveScaling,
  scalingMarkdown,
} from './report/scaling-report.ts';
import { RUN_TIMEOUT_MS } from './run-job.ts';

/** Runs per point; the median counts. */
const RUNS = 3;

/** Shares of the inputs' area. */
const areas = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1];
const bandCounts = [1, 2, 4, 6, 8];
const dateCounts = [1, 2, 4, 8, 12, 16, STACK_DATES];

/**
 * Side of the stack of dates: 24 of 4096 x 4096 are 400 Mpixel a band, enough to see past the start of the program, and
 * 1.5 GB on disk. For small inputs, half of them.
 */
const STACK_SIDE_MAX = 4096;

/** Side of a block of the inputs. */
const BLOCK = 1024;

/** Side of a square of about that share of the area which begins, seen from the far corner, where a block does. */
function alignedSide(size: number, area: number): number {
  return size - BLOCK * Math.round((size - size * Math.sqrt(area)) / BLOCK);
}

/** How cost and memory grow with pixels, bands and dates, and what a mask saves. */
export async function runScaling(input: {
  readonly inputs: Inputs;
  /** Write to results/. */
  readonly keep: boolean;
  readonly say: (line: string) => void;
}): Promise<ScalingResult> {
  const { inputs, say } = input;
  const size = inputs.grid.width;
  const stackSize = Math.min(STACK_SIDE_MAX, 2 * Math.floor(size / 4));
  const stack = await makeStack(benchFolder(), stackSize, say);
  const outDir = join(await outputFolder(size), 'swath-scaling');
  await rm(outDir, { recursive: true, force: true });
  const measure = async (title: string, x: number, spec: RequestSpecInput): Promise<ScalingPoint> => {
    const runs = [];
    for (let run = 0; run < RUNS; run++) {
      runs.push(await measureCommand(swathRun(spec, outDir), RUN_TIMEOUT_MS));
    }
    const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
    const point = {
      x,
      wallS: spread(runs.map(({ wallS }) => wallS)).median,
      cpuS: spread(runs.map(({ cpuS }) => cpuS)).median,
      peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    };
    say(` ${title}: wall ${point.wallS.toFixed(2)} s, CPU ${point.cpuS.toFixed(2)} s`);
    return point;
  };
  const pixels: ScalingPoint[] = [];
  for (const side of new Set(areas.map((area) => alignedSide(size, area)))) {
    pixels.push(await measure(`${side} x ${side} pixels`, side ** 2 / 1e6, squareSpec(inputs, side)));
  }
  const bands: ScalingPoint[] = [];
  for (const count of bandCounts) {
    bands.push(await measure(`${count} bands`, count, bandsSpec(stack, count)));
  }
  const dates: ScalingPoint[] = [];
  for (const count of dateCounts) {
    dates.push(await measure(`median of ${count} dates`, count, datesSpec(stack, count)));
  }
  const cloudy = await measureCloudy(inputs);
  const cores = availableParallelism();
  const result = { size, stackSize, runs: RUNS, cores, pixels, bands, dates, cloudy };
  console.log(`\n${scalingMarkdown(result)}\n`);
  if (input.keep) await saveScaling(result);
  return result;
}

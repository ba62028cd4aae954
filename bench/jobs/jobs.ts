import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Bounds, gridBounds, projectBbox } from '@swath/geo';
import type { RequestSpecInput } from '@swath/requests';
import type { Inputs } from '../inputs.ts';
import type { Command } from '../measure/measure-command.ts';

export const jobNames = ['i16', 'f32', 'warp'] as const;
export type JobName = (typeof jobNames)[number];

export const jobTitles: Readonly<Record<JobName, string>> = {
  i16: 'masked NDVI to int16',
  f32: 'masked NDVI to float32',
  warp: 'one band to EPSG:3857, bilinear',
};

/** Digital numbers of Sentinel-2 since baseline 04.00 to reflectance. The offset keeps NDVI from being scale-free. */
export const RADIOMETRY = { scale: 0.0001, offset: -0.1 } as const;

/** SCL: no data, saturated, shadow, cloud of medium and high probability, cirrus. */
export const DROPPED_CLASSES = [0, 1, 3, 8, 9, 10];

/** Near the 10 m of the source at 45 degrees north: 10 / cos(45 deg). */
const WARP_PIXEL = 14;

/** Where a warped tile goes: the same pixels for all who take part. */
export interface WarpTarget {
  readonly crs: 'EPSG:3857';
  readonly pixel: number;
  /** Whole pixels wide and high. */
  readonly bounds: Bounds;
}

export function warpTarget({ grid }: Pick<Inputs, 'grid'>): WarpTarget {
  const [minX, minY, maxX, maxY] = projectBbox(gridBounds(grid), grid.crs, 'EPSG:3857');
  const down = (value: number) => Math.floor(value / WARP_PIXEL) * WARP_PIXEL;
  const up = (value: number) => Math.ceil(value / WARP_PIXEL) * WARP_PIXEL;
  return { crs: 'EPSG:3857', pixel: WARP_PIXEL, bounds: [down(minX), down(minY), up(maxX), up(maxY)] };
}

/** The job as a request. */
export function jobSpec(job: JobName, inputs: Inputs): RequestSpecInput {
  if (job === 'warp') {
    const { crs, pixel, bounds } = warpTarget(inputs);
    return {
      items: [inputs.item],
      pipeline: { bands: ['red'] },
      mask: 'none',
      radiometry: 'raw',
      grid: { crs, resolution: pixel, bounds: [...bounds], resampling: 'bilinear' },
      output: { dtype: 'uint16', scale: 1, nodata: 0 },
    };
  }
  return {
    items: [inputs.item],
    pipeline: { index: 'NDVI' },
    mask: { band: 'scl', classes: DROPPED_CLASSES },
    radiometry: RADIOMETRY,
    output:
      job === 'i16'
        ? { dtype: 'int16', scale: 10_000, nodata: -32_768 }
        : { dtype: 'float32', nodata: -9999 },
  };
}

const swath = resolve(import.meta.dirname, '../../packages/cli/bin/swath.mjs');

/** `swath run` of a request, with the Node that runs this. The request is written to `<outDir>.json`. */
export function swathRun(spec: RequestSpecInput, outDir: string): Command {
  mkdirSync(outDir, { recursive: true });
  const path = `${outDir}.json`;
  writeFileSync(path, JSON.stringify(spec, null, 2));
  return { argv: [process.execPath, swath, 'run', path, '--out', outDir] };
}

/** The one COG that a run left in its folder. */
export async function resultOf(outDir: string): Promise<string> {
  const entries = await readdir(outDir, { recursive: true });
  const [name, ...others] = entries.filter((entry) => entry.endsWith('.tif'));
  if (name === undefined || others.length > 0) {
    throw new Error(`${outDir} should hold one result, not ${entries.join(', ') || 'nothing'}`);
  }
  return join(outDir, name);
}

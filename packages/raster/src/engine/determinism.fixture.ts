import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Grid, PixelWindow } from '@swath/geo';
import type { CogSpec } from '../cog/spec.ts';
import { writeCog } from '../cog/write.ts';
import { parseExpression } from '../expression/parse.ts';
import type { ProductWork, SceneInput, StoredType } from '../process/work.ts';
import type { PixelSource } from './lane.ts';

/** Small blocks, so that small images have many units, which straddle blocks of their sources. */
const BLOCK = 128;
const SIDE = 560;
const DATES = 3;

const plain = (dtype: 'uint8' | 'uint16'): StoredType => ({ dtype, scale: 1, offset: 0, nodata: 0 });

const utm = (pixel: number, side: number): Grid => ({
  crs: 'EPSG:32631',
  geotransform: [600000, pixel, 0, 5000040, 0, -pixel],
  width: side,
  height: side,
});

/** Two bands a date of 10 m and classes of 20 m, noisy, with a corner of nodata. Depends on the place alone. */
export async function writeSources(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let date = 0; date < DATES; date++) {
    const noise = (x: number, y: number) => ((x * 7919 + y * 104729 + date * 1299709) % 1009) / 1009;
    const band = (level: number) => (x: number, y: number) =>
      x + y < 90 ? Number.NaN : Math.round(level + 900 * Math.sin(x / 41 + date) + 400 * noise(x, y));
    await writeBand(join(folder, `red-${date}.tif`), utm(10, SIDE), 'uint16', band(2000));
    await writeBand(join(folder, `nir-${date}.tif`), utm(10, SIDE), 'uint16', band(3500));
    const classes = (x: number, y: number) => (noise(x >> 4, y >> 4) < 0.3 ? 9 : 4);
    await writeBand(join(folder, `classes-${date}.tif`), utm(20, SIDE / 2), 'uint8', classes);
  }
}

async function writeBand(
  path: string,
  grid: Grid,
  dtype: 'uint8' | 'uint16',
  at: (x: number, y: number) => number,
): Promise<void> {
  const spec = { grid, bands: [{ name: 'b', stored: plain(dtype) }], overviews: true, blockSize: BLOCK };
  await writeCog(path, spec, async ({ x, y, width, height }) => [
    Float32Array.from({ length: width * height }, (_, i) => at(x + (i % width), y + Math.floor(i / width))),
  ]);
}

export interface Job {
  readonly spec: CogSpec;
  readonly source: Extract<PixelSource, { kind: 'work' }>;
}

export const jobNames = ['warped', 'composite'] as const;
export type JobName = (typeof jobNames)[number];

export function jobOf(name: JobName, folder: string): Job {
  return name === 'warped' ? warped(folder) : composite(folder);
}

function job(work: ProductWork, stored: StoredType): Job {
  const bands = work.outputs.map((output) => ({ name: output.name, stored }));
  return {
    spec: { grid: work.grid, bands, overviews: true, blockSize: BLOCK },
    source: { kind: 'work', work, origin: { x: 0, y: 0 } },
  };
}

function sceneOf(folder: string, date: number): SceneInput {
  const band = (name: string) => ({ href: join(folder, `${name}-${date}.tif`), bandIndex: 1 });
  const scaled = { scale: 0.0001, offset: -0.1 };
  return {
    id: `${date}`,
    bands: { red: { ...band('red'), ...scaled }, nir: { ...band('nir'), ...scaled } },
    mask: { ...band('classes'), rule: { classes: [9] } },
  };
}

/** Two bands of two dates, the later one under holes of the first, bilinear in another CRS. */
function warped(folder: string): Job {
  const mercator: Grid = {
    crs: 'EPSG:3857',
    geotransform: [474800, 14, 0, 5642500, 0, -14],
    width: 620,
    height: 590,
  };
  const work: ProductWork = {
    grid: mercator,
    steps: [{ label: 'all', scenes: [sceneOf(folder, 0), sceneOf(folder, 1)] }],
    outputs: ['red', 'nir'].map((name) => ({ name, expression: parseExpression(name) })),
    composite: 'first',
    resampling: 'bilinear',
  };
  return job(work, { dtype: 'uint16', scale: 0.0001, offset: -0.1, nodata: 0 });
}

/** The median of masked NDVI on a part of the sources' own pixels. */
function composite(folder: string): Job {
  const work: ProductWork = {
    grid: {
      crs: 'EPSG:32631',
      geotransform: [600000 + 370, 10, 0, 5000040 - 210, 0, -10],
      width: 517,
      height: 533,
    },
    steps: Array.from({ length: DATES }, (_, date) => ({
      label: `${date}`,
      scenes: [sceneOf(folder, date)],
    })),
    outputs: [{ name: 'ndvi', expression: parseExpression('(nir-red)/(nir+red)') }],
    composite: 'median',
    resampling: 'nearest',
  };
  return job(work, { dtype: 'float32', scale: 1, offset: 0, nodata: -9999 });
}

/** Windows that cut a grid in uneven pieces. */
export function piecesOf({ width, height }: Grid): PixelWindow[] {
  const [column, row] = [301, 223];
  return [
    { x: 0, y: 0, width: column, height: row },
    { x: column, y: 0, width: width - column, height: row },
    { x: 0, y: row, width, height: height - row },
  ];
}

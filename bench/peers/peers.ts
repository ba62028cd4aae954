import { resolve } from 'node:path';
import type { Inputs } from '../inputs.ts';
import { type JobName, warpTarget } from '../jobs/jobs.ts';
import type { Command } from '../measure/measure-command.ts';
import { outputOf, PYTHON, pythonModules, toolVersion } from '../measure/tools.ts';

/** How many times faster than a peer we have to be, and would like to be (wall clock, whole tile). */
export interface Target {
  readonly must: number;
  readonly aim: number;
}

/** Somebody else's way to do one of the jobs. */
export interface Peer {
  readonly id: string;
  readonly title: string;
  /** Jobs it does, with our target where one is set. */
  readonly jobs: Readonly<Partial<Record<JobName, Target | null>>>;
  /** What is installed here; undefined when something is missing. */
  readonly version: () => Promise<string | undefined>;
  /** The whole job, into the COG `out`. */
  readonly command: (job: JobName, inputs: Inputs, out: string) => Command;
}

const script = (name: string) => resolve(import.meta.dirname, name);

/** RED NIR SCL OUT KIND, as all NDVI scripts take them. */
function ndviArgs({ files }: Inputs, scl: string, out: string, job: JobName): string[] {
  return [files.B04, files.B08, scl, out, job];
}

function rasterio(id: string, title: string, targets: Peer['jobs'], compression: readonly string[]): Peer {
  return {
    id,
    title,
    jobs: targets,
    version: async () => both(await pythonModules('rasterio', 'numpy'), await toolVersion('gdal_translate')),
    command: (job, inputs, out) => ({
      argv: [
        PYTHON,
        script('rasterio-threads.py'),
        ...ndviArgs(inputs, inputs.files.SCL, out, job),
        ...compression,
      ],
    }),
  };
}

export const peers: readonly Peer[] = [
  {
    id: 'gdal-calc',
    title: 'gdal_calc.py + gdal_translate -of COG, all CPUs',
    jobs: { i16: { must: 4, aim: 7 }, f32: { must: 5, aim: 9 } },
    version: async () => {
      const calc = await outputOf('gdal_calc.py', ['--help']);
      return calc === ''
        ? undefined
        : both(await toolVersion('gdal_translate'), await pythonModules('numpy'));
    },
    command: (job, inputs, out) => ({
      argv: [script('gdal-calc.sh'), ...ndviArgs(inputs, inputs.scl10m, out, job)],
    }),
  },
  rasterio(
    'rasterio',
    'rasterio + numpy, a thread per core',
    { i16: { must: 3.5, aim: 5 }, f32: { must: 4.5, aim: 7 } },
    [],
  ),
  rasterio(
    'rasterio-deflate1',
    'rasterio, hand-tuned: DEFLATE level 1',
    { i16: { must: 2.5, aim: 4 }, f32: { must: 3, aim: 4 } },
    ['COMPRESS=DEFLATE', 'LEVEL=1'],
  ),
  rasterio(
    'rasterio-zstd1',
    'rasterio, hand-tuned: ZSTD level 1',
    { i16: { must: 2.5, aim: 4 }, f32: { must: 3, aim: 4 } },
    ['COMPRESS=ZSTD', 'LEVEL=1'],
  ),
  {
    id: 'xarray-dask',
    title: 'xarray + rioxarray + dask threads',
    jobs: { i16: null, f32: null },
    version: async () =>
      both(
        await pythonModules('xarray', 'rioxarray', 'dask', 'rasterio'),
        await toolVersion('gdal_translate'),
      ),
    command: (job, inputs, out) => ({
      argv: [PYTHON, script('xarray-dask.py'), ...ndviArgs(inputs, inputs.files.SCL, out, job)],
    }),
  },
  {
    id: 'otb',
    title: 'OTB BandMath, all CPUs',
    jobs: { i16: { must: 6, aim: 10 }, f32: { must: 7, aim: 14 } },
    version: async () => {
      // Without arguments it prints its version and fails: only the text counts.
      const help = await outputOf('bash', ['-c', 'otbcli_BandMath -help 2>&1 || true']);
      const found = /BandMath.*version ([\d.]+)/.exec(help)?.[1];
      return found === undefined ? undefined : both(`OTB ${found}`, await toolVersion('gdal_translate'));
    },
    command: (job, inputs, out) => ({
      argv: [script('otb.sh'), ...ndviArgs(inputs, inputs.scl10m, out, job)],
    }),
  },
  {
    id: 'gdalwarp',
    title: 'gdalwarp + gdal_translate -of COG, all CPUs',
    jobs: { warp: { must: 3, aim: 7 } },
    version: () => toolVersion('gdalwarp'),
    command: (_job, inputs, out) => warpCommand(inputs, out, []),
  },
];

/** gdalwarp of the red band with options of its own: `-et 0` makes its positions exact. */
export function warpCommand(inputs: Inputs, out: string, options: readonly string[]): Command {
  const { crs, pixel, bounds } = warpTarget(inputs);
  const target = [crs, pixel, ...bounds].map(String);
  return { argv: [script('gdalwarp.sh'), inputs.files.B04, out, ...target, ...options] };
}

/** Both versions in one line, when both are there. */
function both(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || other === undefined ? undefined : `${one}, ${other}`;
}

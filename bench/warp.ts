import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import type { RasterImage } from '@swath/raster';
import { gridPlane, imageOpener, writeCog } from '@swath/raster';
import { createKernelSpace } from '@swath/raster/kernels/space';
import type { Resampling } from '@swath/raster/process/work';

/**
 * How fast a band is brought to a grid: `node bench/warp.ts [file]`. The file is one Sentinel-2 band, uint16 in UTM 31;
 * without one, or where the default is absent, a field with noise is made.
 *
 * Each line is a grid and a method: million pixels of the grid a second on one thread, best of three, of positions and
 * kernels over a source that is in memory decoded; then the CPU seconds of reading, decoding and warping with us, and of
 * gdalwarp for the same grid, with its default tolerance of an eighth of a pixel (not for mode, where it takes half a
 * minute each time).
 */
const SIDE = 4096;
const WINDOW = 1024;
const RUNS = 3;
const METHODS: readonly Resampling[] = ['nearest', 'bilinear', 'cubic', 'average', 'mode', 'min', 'max'];
const GRIDS: Readonly<Record<string, Grid>> = {
  'EPSG:3857 13.5 m': grid('EPSG:3857', 345000, 5635000, 13.5),
  'EPSG:32632 10 m': grid('EPSG:32632', 40000, 5000000, 10),
  'EPSG:3857 36 m': { ...grid('EPSG:3857', 335000, 5640000, 36), width: SIDE, height: SIDE },
};
const FILE = process.argv[2] ?? '/tmp/bench/data/B04.tif';
const MADE: Grid = {
  crs: 'EPSG:32631',
  geotransform: [499980, 10, 0, 5000040, 0, -10],
  width: 8192,
  height: 8192,
};

function grid(crs: string, left: number, top: number, size: number): Grid {
  return { crs, geotransform: [left, size, 0, top, 0, -size], width: SIDE, height: SIDE };
}

const folder = mkdtempSync(join(tmpdir(), 'swath-bench-'));
const opener = imageOpener({ files: true });

async function inputFile(): Promise<string> {
  if (existsSync(FILE)) return FILE;
  const made = join(folder, 'made.tif');
  const stored = { dtype: 'uint16', scale: 1, offset: 0, nodata: 0 } as const;
  await writeCog(made, { grid: MADE, bands: [{ name: 'b', stored }], overviews: true }, async (window) => [
    Float32Array.from({ length: window.width * window.height }, (_, i) => {
      const x = window.x + (i % window.width);
      const y = window.y + Math.floor(i / window.width);
      return 1500 + 900 * Math.sin(x / 90) * Math.cos(y / 70) + ((x * 7919 + y * 104729) % 97);
    }),
  ]);
  return made;
}

/** The image with every level that is asked for kept decoded, and the time its reads take. */
function held(image: RasterImage): { readonly image: RasterImage; readonly spent: { ms: number } } {
  const levels = new Map<number, Uint16Array>();
  const spent = { ms: 0 };
  const load = async (level: number): Promise<Uint16Array> => {
    const known = levels.get(level);
    if (known !== undefined) return known;
    const { width, height } = image.info.levels[level]!;
    const all = new Uint16Array(width * height);
    for (let y = 0; y < height; y += WINDOW) {
      const window = { x: 0, y, width, height: Math.min(WINDOW, height - y) };
      const { data } = await image.readWindow({ band: 1, level, window });
      if (!(data instanceof Uint16Array)) throw new Error('the file holds no uint16');
      all.set(data, y * width);
    }
    levels.set(level, all);
    return all;
  };
  const readWindow: RasterImage['readWindow'] = async ({ level, window: { x, y, width, height } }) => {
    const start = performance.now();
    const all = await load(level);
    const columns = image.info.levels[level]!.width;
    const data = new Uint16Array(width * height);
    for (let row = 0; row < height; row++) {
      const from = (y + row) * columns + x;
      data.set(all.subarray(from, from + width), row * width);
    }
    spent.ms += performance.now() - start;
    return { data };
  };
  return { image: { ...image, readWindow }, spent };
}

const space = createKernelSpace();
const plane = space.take(WINDOW * WINDOW * 4);

async function warp(image: RasterImage, target: Grid, resampling: Resampling): Promise<void> {
  for (let y = 0; y < SIDE; y += WINDOW) {
    for (let x = 0; x < SIDE; x += WINDOW) {
      const window = { x, y, width: WINDOW, height: WINDOW };
      await gridPlane({ image, band: 1, grid: target, window, resampling, nodata: 0 }, space, plane);
    }
  }
}

function gdalwarpCpuS(file: string, { crs, geotransform }: Grid, method: Resampling): number | null {
  const [left, size, , top] = geotransform;
  const bounds = [left, top - SIDE * size, left + SIDE * size, top];
  const name = method === 'nearest' ? 'near' : method;
  const options = `-q -overwrite -of ENVI -r ${name} -t_srs ${crs} -te ${bounds.join(' ')} -ts ${SIDE} ${SIDE}`;
  const command = `gdalwarp ${options} '${file}' '${join(folder, 'out.img')}' && times`;
  const { stdout, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  if (status !== 0) return null;
  const [user = Number.NaN, system = Number.NaN] = [
    ...(stdout.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
  return user + system;
}

const seconds = (value: number | null) => (value === null ? 'absent' : value.toFixed(2));

try {
  const file = await inputFile();
  const image = await opener(file);
  const inMemory = held(image);
  console.log(`${'grid'.padEnd(18)} ${'method'.padEnd(9)} Mpx/s   ours CPU s   gdalwarp CPU s`);
  for (const [name, target] of Object.entries(GRIDS)) {
    for (const method of METHODS) {
      let bestMs = Number.POSITIVE_INFINITY;
      let bestCpuS = Number.POSITIVE_INFINITY;
      let theirsS: number | null = null;
      await warp(inMemory.image, target, method);
      for (let run = 0; run < RUNS; run++) {
        inMemory.spent.ms = 0;
        const start = performance.now();
        await warp(inMemory.image, target, method);
        bestMs = Math.min(bestMs, performance.now() - start - inMemory.spent.ms);
        // An opener keeps decoded blocks, so each run has its own.
        const fresh = imageOpener({ files: true });
        const before = process.cpuUsage();
        await warp(await fresh(file), target, method);
        const { user, system } = process.cpuUsage(before);
        bestCpuS = Math.min(bestCpuS, (user + system) / 1e6);
        await fresh.close();
        const theirs = method === 'mode' ? null : gdalwarpCpuS(file, target, method);
        if (theirs !== null) theirsS = Math.min(theirsS ?? Number.POSITIVE_INFINITY, theirs);
      }
      const rate = (SIDE * SIDE) / 1e3 / bestMs;
      console.log(
        `${name.padEnd(18)} ${method.padEnd(9)} ${rate.toFixed(0).padStart(5)} ${bestCpuS.toFixed(2).padStart(12)} ${seconds(theirsS).padStart(16)}`,
      );
    }
  }
  await image.close();
} finally {
  await opener.close();
  rmSync(folder, { recursive: true });
}

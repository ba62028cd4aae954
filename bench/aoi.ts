import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { imageOpener, type ProductWork, parseExpression, processWindow } from '@swath/raster';
import * as z from 'zod';
import { type AoiRun, aoiHead, aoiRows, aoiRun, saveAoi } from './report/aoi-report.ts';
import { thisMachine } from './report/job-result.ts';
import { plainTable } from './report/table.ts';

/**
 * How long masked NDVI of a small area takes over HTTP, with the files B04, B08 (10 m) and SCL (20 m) of the whole tile:
 * `npm run bench -- --jobs aoi`. A server on this machine adds 30 ms to each request. 512 x 512 pixels that straddle four tiles, first with
 * nothing known, then a second such window with the headers known. The peer is rasterio with three threads; both are timed
 * inside their processes, without imports, in alternation.
 */
const DELAY_MS = 30;
const SIZE = 512;
/** How many times faster than the peer, cold. */
const TARGET = { must: 1.8, aim: 3 };
const WINDOWS = [
  { x: 5000, y: 6000 },
  { x: 7000, y: 2900 },
] as const;

async function measure(origin: string): Promise<AoiRun> {
  const href = (name: string): string => `${origin}/${name}.tif`;
  const out: AoiRun = { ms: [], cpuMs: [], valid: [], mean: [] };
  // Loaded when first needed, which here would be within the time that leaves imports out.
  await import('@swath/http/connections');
  const open = imageOpener({ allowHttp: true });
  try {
    for (const { x, y } of WINDOWS) {
      const start = performance.now();
      const cpu = process.cpuUsage();
      const { planes, counts } = await processWindow(work(href), { x, y, width: SIZE, height: SIZE }, open);
      out.ms.push(performance.now() - start);
      const used = process.cpuUsage(cpu);
      out.cpuMs.push((used.user + used.system) / 1000);
      out.valid.push(counts.valid);
      out.mean.push(meanOf(planes[0]));
    }
  } finally {
    await open.close();
  }
  return out;
}

const band = { bandIndex: 1, scale: 1, offset: 0 } as const;
function work(href: (name: string) => string): ProductWork {
  return {
    grid: {
      crs: 'EPSG:32631',
      geotransform: [499_980, 10, 0, 5_000_040, 0, -10],
      width: 10_980,
      height: 10_980,
    },
    steps: [
      {
        label: '2026-01-01',
        scenes: [
          {
            id: 'bench',
            bands: { red: { ...band, href: href('B04') }, nir: { ...band, href: href('B08') } },
            mask: { href: href('SCL'), bandIndex: 1, rule: { classes: [0, 1, 3, 8, 9, 10] } },
          },
        ],
      },
    ],
    outputs: [{ name: 'ndvi', expression: parseExpression('(nir - red) / (nir + red)') }],
    composite: 'none',
    resampling: 'nearest',
  };
}

/** Without garbage, which the next window would pay for. */
function meanOf(plane: Float32Array = new Float32Array(0)): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < plane.length; i++) {
    if (!Number.isFinite(plane[i])) continue;
    sum += plane[i]!;
    count++;
  }
  return sum / count;
}

export interface AoiInput {
  /** Where B04.tif, B08.tif and SCL.tif of a whole tile are. */
  readonly folder: string;
  readonly rounds: number;
  /** Whether to write bench/results. */
  readonly keep: boolean;
  readonly say: (line: string) => void;
}

const run = promisify(execFile);

/**
 * Runs us and the peer in alternation and prints medians.
 * @returns false when the two do not agree about the pixels.
 */
export async function runAoi(input: AoiInput): Promise<boolean> {
  const { folder, rounds, keep, say } = input;
  const cache = join(tmpdir(), 'swath-bench-compile-cache');
  const server = fork(join(import.meta.dirname, 'support/range-server.ts'), [folder, String(DELAY_MS)]);
  try {
    const [message]: unknown[] = await once(server, 'message');
    const { port } = z.object({ port: z.number() }).parse(message);
    const origin = `http://127.0.0.1:${port}`;
    const counted = async (): Promise<string> => {
      server.send('counts');
      const [answer]: unknown[] = await once(server, 'message');
      const { get, head, bytes } = z
        .object({ get: z.number(), head: z.number(), bytes: z.number() })
        .parse(answer);
      return `${get} GET, ${head} HEAD, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
    };
    const clients = {
      'rasterio, 3 threads': async () => {
        const places = WINDOWS.map(({ x, y }) => `${x},${y}`);
        const args = [join(import.meta.dirname, 'peers/rio_aoi.py'), origin, String(SIZE), ...places];
        return aoiRun.parse(JSON.parse((await run('/usr/bin/python3', args)).stdout));
      },
      'swath, new process': async () => {
        // As `swath` starts: with Node's compile cache.
        const env = { ...process.env, NODE_COMPILE_CACHE: cache };
        const { stdout } = await run(process.execPath, [import.meta.filename, 'once', origin], { env });
        return aoiRun.parse(JSON.parse(stdout));
      },
      'swath, warm process': async () => await measure(origin),
    } as const;
    const results = new Map<string, AoiRun[]>();
    const traffic = new Map<string, string>();
    // Once each that does not count: page cache and compile cache are filled by it.
    for (const measured of Object.values(clients)) await measured();
    await counted();
    for (let round = 0; round < rounds; round++) {
      for (const [name, measured] of Object.entries(clients)) {
        results.set(name, [...(results.get(name) ?? []), await measured()]);
        traffic.set(name, await counted());
      }
    }
    const result = {
      size: SIZE,
      delayMs: DELAY_MS,
      date: new Date().toISOString().slice(0, 10),
      machine: thisMachine(),
      target: TARGET,
      clients: [...results].map(([name, runs]) => ({ name, traffic: traffic.get(name) ?? '', runs })),
    };
    say(plainTable(aoiHead, aoiRows(result)));
    if (keep) await saveAoi(result);
    return agree(results);
  } finally {
    server.disconnect();
  }
}

/** Sums of singles in another order differ in their last digits. */
const MEAN_TOLERANCE = 1e-5;

function agree(results: ReadonlyMap<string, readonly AoiRun[]>): boolean {
  const runs = [...results.values()].flat();
  const [first] = runs;
  return (
    first !== undefined &&
    runs.every(
      ({ valid, mean }) =>
        valid.every((count, at) => count === first.valid[at]) &&
        mean.every((value, at) => Math.abs(value - (first.mean[at] ?? Number.NaN)) < MEAN_TOLERANCE),
    )
  );
}

const [mode, origin] = process.argv.slice(2);
if (import.meta.main && mode === 'once' && origin !== undefined) {
  console.log(JSON.stringify(await measure(origin)));
}

import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import * as z from 'zod';
import { scriptOptions } from '../packages/cli/bin/script-options.mjs';
import { measureWindows, SIZE, WINDOWS } from './measure/aoi-window.ts';
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
/** How many times faster than the peer, cold. */
const TARGET = { must: 1.8, aim: 3 };
export interface AoiInput {
  /** Where B04.tif, B08.tif and SCL.tif of a whole tile are. */
  readonly folder: string;
  readonly rounds: number;
  /** Whether to write bench/results. */
  readonly keep: boolean;
  readonly say: (line: string) => void;
}

const run = promisify(execFile);

const root = join(import.meta.dirname, '..');

/** What is measured, bundled and run as the command is, in a folder that is there. @returns the module. */
async function bundled(folder: string): Promise<string> {
  const name = 'aoi-once';
  await build({
    ...scriptOptions,
    entryPoints: [join(import.meta.dirname, `measure/${name}.ts`)],
    outdir: folder,
  });
  const starter = join(folder, `${name}.mjs`);
  const runner = pathToFileURL(join(root, 'packages/cli/bin/run-bundled.mjs'));
  writeFileSync(
    starter,
    `import { runBundled } from '${runner.href}';\nrunBundled(\`\${import.meta.dirname}/${name}.cjs\`);\n`,
  );
  return starter;
}

/**
 * Runs us and the peer in alternation and prints medians.
 * @returns false when the two do not agree about the pixels.
 */
export async function runAoi(input: AoiInput): Promise<boolean> {
  const { folder, rounds, keep, say } = input;
  const place = mkdtempSync(join(tmpdir(), 'swath-bench-aoi-'));
  const ours = await bundled(place);
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
        // As `swath` starts: from a bundle, with the code it has compiled before.
        const { stdout } = await run(process.execPath, [ours, origin]);
        return aoiRun.parse(JSON.parse(stdout));
      },
      'swath, warm process': async () => await measureWindows(origin),
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
    rmSync(place, { recursive: true });
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

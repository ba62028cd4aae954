import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { imageOpener, type ProductWork, parseExpression, processWindow } from '@swath/raster';
import * as z from 'zod';

/**
 * How long masked NDVI of a small area takes over HTTP: `node bench/aoi.ts [rounds]`, with the files B04, B08 (10 m) and SCL
 * (20 m) in BENCH_DIR. A server on this machine adds 30 ms to each request. 512 x 512 pixels that straddle four tiles, first with
 * nothing known, then a second such window with the headers known. The peer is rasterio with three threads; both are timed
 * inside their processes, without imports, in alternation.
 */
const folder = process.env['BENCH_DIR'] ?? '/tmp/bench/data';
const rounds = Number(process.argv[2] ?? 7);
const DELAY_MS = 30;
const SIZE = 512;
const WINDOWS = [
  { x: 5000, y: 6000 },
  { x: 7000, y: 2900 },
] as const;

const times = z.object({
  ms: z.array(z.number()),
  cpuMs: z.array(z.number()),
  valid: z.array(z.number()),
  mean: z.array(z.number()),
});
type Times = z.infer<typeof times>;

async function measure(origin: string): Promise<Times> {
  const href = (name: string): string => `${origin}/${name}.tif`;
  const out: Times = { ms: [], cpuMs: [], valid: [], mean: [] };
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

function meanOf(plane: Float32Array | undefined): number {
  const finite = [...(plane ?? [])].filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

const run = promisify(execFile);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function compare(): Promise<void> {
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
        return times.parse(JSON.parse((await run('/usr/bin/python3', args)).stdout));
      },
      'swath, new process': async () => {
        const { stdout } = await run(process.execPath, [import.meta.filename, 'once', origin]);
        return times.parse(JSON.parse(stdout));
      },
      'swath, warm process': async () => await measure(origin),
    } as const;
    const results = new Map<string, Times[]>();
    const traffic = new Map<string, string>();
    for (let round = 0; round < rounds; round++) {
      for (const [name, measured] of Object.entries(clients)) {
        results.set(name, [...(results.get(name) ?? []), await measured()]);
        traffic.set(name, await counted());
      }
    }
    report(results, traffic);
  } finally {
    server.disconnect();
  }
}

function report(results: ReadonlyMap<string, readonly Times[]>, traffic: ReadonlyMap<string, string>): void {
  const peer = results.get('rasterio, 3 threads') ?? [];
  const column = (name: string, at: number): number[] =>
    (results.get(name) ?? []).map(({ ms }) => ms[at] ?? Number.NaN);
  for (const [name, all] of results) {
    const ms = [0, 1].map((at) => column(name, at));
    const ratios = ms.map((own, at) =>
      median(own.map((value, round) => (peer[round]?.ms[at] ?? Number.NaN) / value)),
    );
    console.log(
      `${name.padEnd(22)} cold ${Math.round(median(ms[0] ?? []))} ms (best ${Math.round(Math.min(...(ms[0] ?? [])))}), ` +
        `headers known ${Math.round(median(ms[1] ?? []))} ms (best ${Math.round(Math.min(...(ms[1] ?? [])))}), ` +
        `CPU ${[0, 1].map((at) => Math.round(median(all.map(({ cpuMs }) => cpuMs[at] ?? Number.NaN)))).join(' and ')} ms, ` +
        `${ratios.map((ratio) => ratio.toFixed(2)).join(' and ')} times the peer's speed; both windows: ${traffic.get(name)}; ` +
        `valid ${all[0]?.valid.join(', ')}, mean ${all[0]?.mean.map((value) => value.toFixed(5)).join(', ')}`,
    );
  }
}

const [mode, origin] = process.argv.slice(2);
if (mode === 'once' && origin !== undefined) console.log(JSON.stringify(await measure(origin)));
else await compare();

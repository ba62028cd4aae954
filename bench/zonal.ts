import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsTransformer, type Grid, type LonLat, type PolygonGeometry } from '@swath/geo';
import { imageOpener, inlineExecutor, parseExpression, writeCog, writeProduct } from '@swath/raster';
import * as z from 'zod';

/**
 * What statistics by zone cost: `node bench/zonal.ts [zones] [pairs]`. CPU seconds of whole processes, start and imports
 * included, in turn: the product alone, the product with zones, and two ways of Python over the same band (peers/zonal.py).
 * The zones are octagons beside each other that cover most of the tile; rows are compared before anything is said.
 */
const SIDE = 5490;
const grid: Grid = {
  crs: 'EPSG:32631',
  geotransform: [499980, 10, 0, 5000040, 0, -10],
  width: SIDE,
  height: SIDE,
};
const stored = { dtype: 'uint16', scale: 1, offset: 0, nodata: 0 } as const;

const answer = z.object({
  cpuSeconds: z.number(),
  rows: z
    .array(
      z.tuple([
        z.number(),
        z.number().nullable(),
        z.number().nullable(),
        z.number().nullable(),
        z.number().nullable(),
        z.array(z.number()),
      ]),
    )
    .optional(),
});

/** Octagons of a lattice, in the CRS. */
function ringsOf(count: number): [number, number][][] {
  const across = Math.ceil(Math.sqrt(count));
  const step = (10 * SIDE) / across;
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [499980 + ((i % across) + 0.5) * step, 5000040 - (Math.floor(i / across) + 0.5) * step];
    const ring = Array.from({ length: 8 }, (_corner, k): [number, number] => {
      const angle = Math.PI / 8 + (k * Math.PI) / 4;
      return [x + 0.5 * step * Math.cos(angle), y + 0.5 * step * Math.sin(angle)];
    });
    return [...ring, ring[0] ?? [x, y]];
  });
}

async function makeBand(path: string): Promise<void> {
  await writeCog(path, { grid, bands: [{ name: 'b', stored }], overviews: true }, async (window) => [
    Float32Array.from({ length: window.width * window.height }, (_, i) => {
      const x = window.x + (i % window.width);
      const y = window.y + Math.floor(i / window.width);
      return 1500 + 900 * Math.sin(x / 90) * Math.cos(y / 70) + ((x * 7919 + y * 104729) % 97);
    }),
  ]);
}

/** Edges straight in the CRS, as many short ones in degrees. */
function inDegrees(ring: readonly (readonly [number, number])[]): PolygonGeometry {
  const { inverse } = crsTransformer('EPSG:4326', grid.crs);
  return { type: 'Polygon', coordinates: [ring.map(([x, y]): LonLat => inverse(x, y))] };
}

/** One process' work: makes the product, with zones or without, and says what it used. */
async function once(band: string, out: string, count: number): Promise<void> {
  const open = imageOpener({ files: true });
  const source = { href: band, bandIndex: 1, scale: 1, offset: 0 };
  const work = {
    grid,
    steps: [{ label: 'date', scenes: [{ id: 'scene', bands: { b: source } }] }],
    outputs: [{ name: 'b', expression: parseExpression('b') }],
    composite: 'none',
    resampling: 'nearest',
  } as const;
  const { zones } = await writeProduct(
    out,
    { grid, bands: [{ name: 'b', stored }], overviews: true },
    { kind: 'work', work, origin: { x: 0, y: 0 } },
    inlineExecutor(open),
    count === 0 ? {} : { zones: ringsOf(count).map(inDegrees) },
  );
  await open.close();
  const rows = zones?.[0]?.map((one) => [
    one.count,
    one.min,
    one.max,
    one.mean,
    one.std,
    Object.values(one.percentiles ?? {}),
  ]);
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ rows, cpuSeconds: (user + system) / 1e6 }));
}

function run(program: string, ...args: string[]): z.output<typeof answer> {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr);
  return answer.parse(JSON.parse(stdout));
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Outlines are followed to 1 % of a pixel: a pixel in some thousands may fall on the other side. */
function checkSame(ours: z.output<typeof answer>, theirs: z.output<typeof answer>): void {
  const [a = [], b = []] = [ours.rows, theirs.rows];
  if (a.length !== b.length) throw new Error(`${a.length} rows, the peer has ${b.length}`);
  for (const [i, [count, , , mean]] of a.entries()) {
    const [otherCount = 0, , , otherMean = 0] = b[i] ?? [];
    if (Math.abs(count - otherCount) > 1 + count / 500 || Math.abs((mean ?? 0) - (otherMean ?? 0)) > 2) {
      throw new Error(
        `zone ${i}: ${count} pixels of mean ${mean}, the peer has ${otherCount} of ${otherMean}`,
      );
    }
  }
}

async function compare(count: number, pairs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'swath-zonal-'));
  try {
    const [band, zones] = [join(folder, 'band.tif'), join(folder, 'zones.json')];
    await makeBand(band);
    writeFileSync(zones, JSON.stringify(ringsOf(count)));
    const me = (zoned: number) =>
      run(process.execPath, import.meta.filename, 'once', band, join(folder, 'out.tif'), String(zoned));
    const python = (how: string) =>
      run('/usr/bin/python3', join(import.meta.dirname, 'peers', 'zonal.py'), how, band, zones);
    const turns = Array.from({ length: pairs }, () => {
      const [alone, zoned, loop, labels] = [me(0), me(count), python('loop'), python('labels')];
      checkSame(zoned, loop);
      checkSame(zoned, labels);
      return { alone, zoned, loop, labels };
    });
    const cpu = (name: 'alone' | 'zoned' | 'loop' | 'labels') =>
      median(turns.map((turn) => turn[name].cpuSeconds));
    const ratio = (of: (turn: (typeof turns)[number]) => number) => median(turns.map(of)).toFixed(2);
    process.stdout.write(`${count} zones, ${SIDE} x ${SIDE} pixels of uint16, ${pairs} turns; medians of CPU seconds
product alone            ${cpu('alone').toFixed(2)}
product with zones       ${cpu('zoned').toFixed(2)}   (zones: ${ratio(({ zoned, alone }) => zoned.cpuSeconds - alone.cpuSeconds)})
Python, loop             ${cpu('loop').toFixed(2)}   ${ratio(({ loop, zoned }) => loop.cpuSeconds / zoned.cpuSeconds)} times ours
Python, label raster     ${cpu('labels').toFixed(2)}   ${ratio(({ labels, zoned }) => labels.cpuSeconds / zoned.cpuSeconds)} times ours
`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'once') await once(rest[0] ?? '', rest[1] ?? '', Number(rest[2]));
else await compare(Number(first ?? 2000), Number(rest[0] ?? 5));

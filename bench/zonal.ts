import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crsTransformer, type Grid, type LonLat, type PolygonGeometry } from '@swath/geo';
import { imageOpener, inlineExecutor, parseExpression, writeCog, writeProduct } from '@swath/raster';
import * as z from 'zod';

/**
 * What statistics by zone cost: `node bench/zonal.ts [zones] [turns] [side]`. Seconds of whole processes on one thread, start
 * and imports included, in turn: the product alone, the product with zones, and ways of Python over the same band
 * (peers/zonal.py), without a product and with one. PYTHON names an interpreter that has rasterio, rasterstats and exactextract;
 * those it does not have are left out. The zones are octagons beside each other that cover most of the tile; rows are compared
 * before anything is said.
 */
const [first, ...rest] = process.argv.slice(2);
const SIDE = Number((first === 'once' ? rest[3] : rest[1]) ?? 5490);
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

interface Run extends z.output<typeof answer> {
  readonly wallSeconds: number;
}

function run(program: string, ...args: string[]): Run {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const wallSeconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(stderr);
  return { ...answer.parse(JSON.parse(stdout)), wallSeconds };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Outlines are followed to 1 % of a pixel: a pixel in some thousands may fall on the other side. */
function checkSame(ours: Run, theirs: Run): void {
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

/** GDAL's Python is the system's; libraries of others are where PYTHON says. */
const python = process.env['PYTHON'] ?? '/usr/bin/python3';
const has = (library: string) => spawnSync(python, ['-c', `import ${library}`]).status === 0;

/** Libraries that take this long for 10,000 zones are asked once. */
const SLOW = new Set(['rasterstats']);

function compare(count: number, turns: number, folder: string): void {
  const [band, zones, out] = ['band.tif', 'zones.json', 'out.tif'].map((name) => join(folder, name));
  if (band === undefined || zones === undefined || out === undefined) return;
  writeFileSync(zones, JSON.stringify(ringsOf(count)));
  const me = (zoned: number) =>
    run(process.execPath, import.meta.filename, 'once', band, out, String(zoned), String(SIDE));
  const peer = (how: string, program: string, ...more: string[]) =>
    run(program, join(import.meta.dirname, 'peers', 'zonal.py'), how, band, zones, ...more);
  const ways: readonly (readonly [string, () => Run])[] = [
    ['GDAL, polygon by polygon', () => peer('loop', '/usr/bin/python3')],
    ['GDAL, one label raster', () => peer('labels', '/usr/bin/python3')],
    ['GDAL, polygon by polygon, and the product', () => peer('loop', '/usr/bin/python3', 'product', out)],
    ...['rasterio', 'rasterstats', 'exactextract']
      .filter(has)
      .map((how) => [how, () => peer(how, python)] as const),
  ];
  const alone: Run[] = [];
  const zoned: Run[] = [];
  const others = new Map(ways.map(([name]) => [name, [] as { theirs: Run; ours: Run }[]]));
  for (let turn = 0; turn < turns; turn++) {
    alone.push(me(0));
    const ours = me(count);
    zoned.push(ours);
    for (const [name, ask] of ways) {
      if (turn > 0 && SLOW.has(name)) continue;
      const theirs = ask();
      if (name !== 'exactextract') checkSame(ours, theirs);
      others.get(name)?.push({ theirs, ours });
    }
  }
  const line = (name: string, runs: readonly Run[], more = '') => {
    const [cpu, wall] = [runs.map((one) => one.cpuSeconds), runs.map((one) => one.wallSeconds)];
    return `| ${name} | ${median(cpu).toFixed(2)} | ${median(wall).toFixed(2)} | ${more} |\n`;
  };
  const added = median(zoned.map((one, i) => one.cpuSeconds - (alone[i]?.cpuSeconds ?? 0)));
  process.stdout.write(`${count} zones, ${SIDE} x ${SIDE} pixels of uint16, ${turns} turns; medians, ratios paired; zones add ${added.toFixed(2)} s
| | CPU s | wall s | CPU / ours |
| --- | ---: | ---: | ---: |
${line('product alone', alone)}${line('product with zones', zoned, '1')}`);
  for (const [name, pairs] of others) {
    const ratio = median(pairs.map(({ theirs, ours }) => theirs.cpuSeconds / ours.cpuSeconds));
    const theirs = pairs.map((pair) => pair.theirs);
    process.stdout.write(line(`Python: ${name}`, theirs, ratio.toFixed(2)));
  }
}

if (first === 'once') await once(rest[0] ?? '', rest[1] ?? '', Number(rest[2]));
else {
  const folder = mkdtempSync(join(tmpdir(), 'swath-zonal-'));
  try {
    await makeBand(join(folder, 'band.tif'));
    compare(Number(first ?? 2000), Number(rest[0] ?? 5), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

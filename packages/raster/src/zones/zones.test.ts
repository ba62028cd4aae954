import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applyGeotransform,
  clipMask,
  crsTransformer,
  type Grid,
  type LonLat,
  type PolygonGeometry,
  windowGrid,
} from '@swath/geo';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CogSpec } from '../cog/spec.ts';
import { unitsOf } from '../cog/units.ts';
import { writeProduct } from '../cog/write.ts';
import { jobNames, jobOf, piecesOf, writeSources } from '../engine/determinism.fixture.ts';
import { type Executor, inlineExecutor } from '../engine/executor.ts';
import { levelsOf } from '../engine/lane.ts';
import { workerExecutor } from '../engine/worker-executor.ts';
import type { OpenImage } from '../image.ts';
import { createKernelSpace } from '../kernels/space.ts';
import { openerOver } from '../open-located.ts';
import { processWindow } from '../process/process-window.ts';
import { zoneCollector } from './collect.ts';
import { planZones, ZONE_WAY, type ZoneMemory } from './plan.ts';
import { summariseZones, type ZoneStatistics } from './summarise.ts';

const locate = async (href: string) => ({ kind: 'file', path: href }) as const;
const open: OpenImage = openerOver(locate);
const inline = inlineExecutor(open);
const crew = workerExecutor({ locate, lanes: 3 });
let folder = '';
let files = 0;
const fresh = () => join(folder, `out-${files++}.tif`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swath-zones-'));
  await writeSources(folder);
});
afterAll(async () => {
  await crew.close();
  await rm(folder, { recursive: true });
});

/** A polygon of the grid's own pixels, in degrees. */
function polygonOf(grid: Grid, ring: readonly (readonly [number, number])[]): PolygonGeometry {
  const { inverse } = crsTransformer('EPSG:4326', grid.crs);
  const points = ring.map(([col, row]): LonLat => inverse(...applyGeotransform(grid.geotransform, col, row)));
  return { type: 'Polygon', coordinates: [[...points, points[0]!]] };
}

const box = (grid: Grid, x: number, y: number, width: number, height: number) =>
  polygonOf(grid, [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]);

/** Small, large, everything, over the edge, beside the grid, between two pixel centres. */
const someZones = (grid: Grid): PolygonGeometry[] => [
  box(grid, 100.2, 90.7, 40, 33),
  box(grid, -20, 200.3, 400, 310),
  box(grid, -50, -50, grid.width + 100, grid.height + 100),
  box(grid, grid.width - 30.5, grid.height - 12.5, 200, 200),
  box(grid, -500, -500, 30, 30),
  box(grid, 300.6, 10.1, 0.3, 400),
  polygonOf(grid, [
    [250, 20],
    [480, 260],
    [255, 500],
    [20.5, 244.5],
  ]),
];

describe.each(jobNames)('zones of a %s product', (name) => {
  const make = async (executor: Executor) => {
    const { spec, source } = jobOf(name, folder);
    return await writeProduct(fresh(), spec, source, executor, { zones: someZones(spec.grid) });
  };

  it('have the same statistics on any number of lanes, and put together from chunks of any shape', async () => {
    const { spec, source } = jobOf(name, folder);
    const expected = await make(inline);
    expect((await make(crew)).zones).toEqual(expected.zones);
    const parts = [];
    for (const window of piecesOf(spec.grid)) {
      const path = fresh();
      const chunk = { ...spec, grid: windowGrid(spec.grid, window), overviews: false };
      await writeProduct(path, chunk, { ...source, origin: { x: window.x, y: window.y } }, inline);
      parts.push({ path, window });
    }
    const assembled = await writeProduct(fresh(), spec, { kind: 'parts', parts }, crew, {
      zones: someZones(spec.grid),
    });
    expect(assembled.zones).toEqual(expected.zones);
  });

  it('are those of the pixels under them', async () => {
    const { spec, source } = jobOf(name, folder);
    const { zones, statistics } = await make(inline);
    const window = { x: 0, y: 0, width: spec.grid.width, height: spec.grid.height };
    const { planes } = await processWindow(source.work, window, open);
    for (const [band, plane] of planes.entries()) {
      const stored = spec.bands[band]!.stored;
      const inv = 1 / stored.scale;
      const values =
        stored.dtype === 'float32'
          ? plane
          : plane.map((v) => Math.max(1, Math.round((v - stored.offset) * inv)));
      for (const [zone, geometry] of someZones(spec.grid).entries()) {
        const mask = clipMask(spec.grid, window, geometry);
        const under = [...values].filter((v, i) => mask[i] === 1 && !Number.isNaN(v));
        expectStatistics(
          zones![band]![zone]!,
          under.map((v) => v * stored.scale + stored.offset),
          mask.reduce((a, b) => a + b, 0),
        );
      }
      const all = zones![band]![2]!;
      const whole = statistics[band]!;
      expect(all.count).toBe(whole.count);
      expect([all.min, all.max]).toEqual([whole.min, whole.max]);
      expect(all.mean).toBeCloseTo(whole.mean!, 9);
      expect(zones![band]![4]).toMatchObject({ pixels: 0, count: 0, validPercent: 0, mean: null });
      expect(zones![band]![5]).toMatchObject({ pixels: 0, mean: null });
    }
  });
});

function expectStatistics(found: ZoneStatistics, values: number[], pixels: number): void {
  expect(found).toMatchObject({ pixels, count: values.length });
  if (values.length === 0) return;
  const sum = values.reduce((a, b) => a + b, 0);
  const mean = sum / values.length;
  const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent: number) => {
    const rank = ((sorted.length - 1) * percent) / 100;
    const low = sorted[Math.floor(rank)]!;
    return low + (sorted[Math.ceil(rank)]! - low) * (rank - Math.floor(rank));
  };
  expect(found.validPercent).toBeCloseTo((100 * values.length) / pixels, 9);
  expect(found.sum! / sum).toBeCloseTo(1, 9);
  expect(found.min).toBeCloseTo(sorted[0]!, 9);
  expect(found.max).toBeCloseTo(sorted.at(-1)!, 9);
  expect(found.mean).toBeCloseTo(mean, 9);
  expect(found.std).toBeCloseTo(std, 9);
  const { percentiles, percentileError } = found;
  for (const [key, percent] of [
    ['p2', 2],
    ['p5', 5],
    ['p25', 25],
    ['p50', 50],
    ['p75', 75],
    ['p95', 95],
    ['p98', 98],
  ] as const) {
    const bound = 1e-9 + percentileError * Math.max(Math.abs(sorted[0]!), Math.abs(sorted.at(-1)!));
    expect(Math.abs(percentiles![key] - at(percent))).toBeLessThanOrEqual(bound);
  }
}

const degrees: Grid = { crs: 'EPSG:4326', geotransform: [10, 0.01, 0, 50, 0, -0.01], width: 90, height: 70 };
const whole: CogSpec = {
  grid: degrees,
  bands: [{ name: 'a', stored: { dtype: 'int16', scale: 1, offset: 0, nodata: -1 } }],
  blockSize: 16,
  overviews: false,
};

/** Zones of an image held in memory, unit by unit. */
function zonesOf(
  spec: CogSpec,
  samples: (x: number, y: number) => number,
  geometries: PolygonGeometry[],
  memory?: ZoneMemory,
) {
  const space = createKernelSpace();
  const plan = planZones(spec, geometries, memory);
  const collector = zoneCollector(space, spec, plan);
  const { dtype } = spec.bands[0]!.stored;
  for (const unit of unitsOf(levelsOf(spec)[0]!, spec.blockSize ?? 512)) {
    const { x, y, width, height } = unit.window;
    const mark = space.mark();
    const at = space.take(4 * width * height);
    const plane =
      dtype === 'float32'
        ? space.singles(at, width * height)
        : new Int16Array(space.memory.buffer, at, width * height);
    for (let i = 0; i < plane.length; i++) plane[i] = samples(x + (i % width), y + Math.floor(i / width));
    collector.add(unit, [at]);
    space.release(mark);
  }
  return summariseZones(plan, [collector.parts()], spec.bands)[0]!;
}

const cuts = (side: number) =>
  fc
    .array(fc.double({ min: 0, max: side, noNaN: true }), { minLength: 1, maxLength: 6 })
    .map((inner) =>
      [0, ...new Set(inner.filter((cut) => cut > 0.01 && cut < side - 0.01)), side].sort((a, b) => a - b),
    );

describe('zones that part a grid between them', () => {
  it('add up to the whole: pixels, counts and sums', () => {
    fc.assert(
      fc.property(cuts(90), cuts(70), fc.double({ min: -4, max: 4, noNaN: true }), (columns, rows, slant) => {
        // Slanted inner edges: neighbours share them exactly.
        const x = (i: number, j: number) =>
          columns[i]! + (i > 0 && i + 1 < columns.length && j % 2 === 1 ? slant / 1000 : 0);
        const zones = columns.slice(1).flatMap((_, i) =>
          rows.slice(1).map((_row, j) =>
            polygonOf(degrees, [
              [x(i, j), rows[j]!],
              [x(i + 1, j), rows[j]!],
              [x(i + 1, j + 1), rows[j + 1]!],
              [x(i, j + 1), rows[j + 1]!],
            ]),
          ),
        );
        const value = (px: number, py: number) => ((px * 7919 + py * 104729) % 1009) - 1;
        const found = zonesOf(whole, value, zones);
        let [count, sum] = [0, 0];
        for (let py = 0; py < 70; py++) {
          for (let px = 0; px < 90; px++) {
            if (value(px, py) === -1) continue;
            count++;
            sum += value(px, py);
          }
        }
        expect(found.reduce((a, zone) => a + zone.pixels, 0)).toBe(90 * 70);
        expect(found.reduce((a, zone) => a + zone.count, 0)).toBe(count);
        expect(found.reduce((a, zone) => a + (zone.sum ?? 0), 0)).toBe(sum);
      }),
      { numRuns: 40 },
    );
  });
});

describe('zones of 16 bits too large to keep their values', () => {
  it('are counted number by number, with the same result', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(3, 900, 65_000), (seed, span) => {
        const value = (x: number, y: number) => ((x * 7919 + y * 104729 + seed) % span) - (span >> 1);
        const zones = [box(degrees, 3, 3, 60, 50), box(degrees, 20, 10, 40, 4), box(degrees, 3, 3, 9, 9)];
        const counted = zonesOf(whole, value, zones, { valuesBytes: 0, tableBytes: 2 ** 20 });
        expect(counted.map(({ percentileError }) => percentileError)).toEqual([0, 0, 0]);
        expect(counted).toEqual(zonesOf(whole, value, zones));
      }),
      { numRuns: 20 },
    );
  });
});

describe('zones too large to keep their values', () => {
  const single: CogSpec = {
    ...whole,
    bands: [{ name: 'a', stored: { dtype: 'float32', scale: 1, offset: 0, nodata: 'nan' } }],
  };

  it('have percentiles within the error that is told, and everything else as before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(single, whole), (seed, spec) => {
        const value = (x: number, y: number) => {
          const noise = ((x * 7919 + y * 104729 + seed) % 1009) / 1009 - 0.3;
          return spec === single ? noise : Math.round(30000 * noise);
        };
        const zones = [box(degrees, 3, 3, 60, 50), box(degrees, 10, 10, 4, 4)];
        const exact = zonesOf(spec, value, zones);
        const [large, small] = zonesOf(spec, value, zones, { valuesBytes: 200, tableBytes: 0 });
        expect(small).toEqual(exact[1]);
        expect(large).toMatchObject({ percentileError: 2 ** -14 });
        expect({ ...large, percentiles: null, percentileError: 0 }).toEqual({
          ...exact[0],
          percentiles: null,
        });
        for (const key of ['p2', 'p5', 'p25', 'p50', 'p75', 'p95', 'p98'] as const) {
          const right = exact[0]!.percentiles![key];
          // Between two neighbours in rank the larger one counts.
          const near = Math.abs(right) + (40 / 1009) * (spec === single ? 1 : 30000);
          expect(Math.abs(large!.percentiles![key] - right)).toBeLessThanOrEqual(near * 2 ** -14 + 1e-9);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are the largest of those in several units, whose histograms are coarser the more there are', () => {
    const many = Array.from({ length: 300 }, (_, i) => box(degrees, i % 32, i % 60, 40, 8));
    const ten = { ...whole, bands: new Array(10).fill(whole.bands[0]) };
    const zones = [...many, box(degrees, 0, 0, 3, 3), box(degrees, 30, 30, 4, 4)];
    const plan = planZones(ten, zones, { valuesBytes: 1000, tableBytes: 0 });
    expect([...plan.ways]).toEqual([...many.map(() => ZONE_WAY.binned), ZONE_WAY.within, ZONE_WAY.kept]);
    expect(plan.histogramBits).toBe(9);
  });
});

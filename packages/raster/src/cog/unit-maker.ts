import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import type { LaneStatistics } from '../engine/lane.ts';
import type { KernelSpace } from '../kernels/space.ts';
import type { PixelCounts } from '../process/work.ts';
import { blockStatistics } from '../stats/block-statistics.ts';
import { zoneCollector } from '../zones/collect.ts';
import type { ZonePlan } from '../zones/plan.ts';
import type { PlacedTiles } from './placed-tiles.ts';
import { type PyramidLevel, tileSize } from './pyramid.ts';
import { BYTES_PER_SAMPLE, nodataNumber, sampleCode } from './samples.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE } from './spec.ts';
import type { Spill, SpilledTile } from './spill.ts';
import { fillNodata, tileEncoder } from './tile-encoder.ts';
import { blocksOf, type Unit, type UnitBlock } from './units.ts';

/** Puts stored samples of a window into kernel memory, dense, one plane per band at the addresses given. */
export type FillCell = (window: PixelWindow, planes: readonly number[]) => Promise<FilledCell>;

export interface FilledCell {
  readonly counts: PixelCounts;
  /** `empty`: no pixel is valid; whatever the planes hold is not looked at. */
  readonly pixels: 'some' | 'empty';
}

/** What is left of a unit once its tiles are placed or spilled. */
export interface UnitReport {
  /** Bytes of each tile of full resolution, in the order of its blocks. */
  readonly lengths: readonly number[];
  /** The tile of the first overview; null in an image without. */
  readonly overview: SpilledTile | null;
  readonly counts: PixelCounts;
  /** Per band, averages of the first overview's pixels for the second, NaN where there is none; null: all of them are. */
  readonly apex: readonly (Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>)[] | null;
}

/** Makes units of one image, one at a time, in its own kernel memory. */
export interface UnitMaker {
  make(unit: Unit): Promise<UnitReport>;
  /** Statistics of every unit made. */
  statistics(): LaneStatistics;
}

export function createUnitMaker(
  space: KernelSpace,
  spec: CogSpec,
  levels: readonly PyramidLevel[],
  fill: FillCell,
  to: { readonly placed: PlacedTiles; readonly spill: Spill },
  zones?: ZonePlan,
): UnitMaker {
  const { bands, blockSize = DEFAULT_BLOCK_SIZE } = spec;
  const [full, first, second] = levels;
  const stored = bands[0]?.stored;
  if (full === undefined || stored === undefined)
    throw new SwathError('Bug', 'an image without levels or bands');
  const sampleBytes = BYTES_PER_SAMPLE[stored.dtype];
  const averageBytes = stored.dtype === 'int32' ? 8 : 4;
  const nodata = nodataNumber(stored);
  const code = sampleCode(stored);
  const encoder = tileEncoder(space, stored, bands.length, blockSize);
  const statistics = bands.map((band) => blockStatistics(space, band.stored, bands.length));
  const collector = zones === undefined ? null : zoneCollector(space, spec, zones);
  const { kernels } = space;

  /** Places the tiles of full resolution. @returns their lengths. */
  function place(unit: Unit, encode: (block: UnitBlock) => Uint8Array): number[] {
    to.placed.begin(unit.index);
    const lengths = blocksOf(unit, full!, blockSize).map((block) => {
      const bytes = encode(block);
      to.placed.put(bytes);
      return bytes.length;
    });
    to.placed.end();
    return lengths;
  }

  function placeFull(unit: Unit, planes: readonly number[]): number[] {
    const rowBytes = unit.window.width * sampleBytes;
    return place(unit, ({ tile, column, row, x, y }) => {
      const size = tileSize(full!, column, row, blockSize);
      const at = planes.map((plane) => plane + y * rowBytes + x * sampleBytes);
      statistics.forEach((band, i) => {
        band.add(tile, { at: at[i]!, rowBytes, ...size });
      });
      return encoder.encode({ ...size, planes: at, rowBytes });
    });
  }

  function spillOverview(unit: Unit, bytes: Uint8Array): SpilledTile {
    const tile = unit.row * first!.tilesAcross + unit.column;
    return to.spill.append(1, tile, bytes);
  }

  /** The tile of the first overview, and what the second needs of it. */
  function makeOverview(unit: Unit, planes: readonly number[]): Pick<UnitReport, 'overview' | 'apex'> {
    if (first === undefined) return { overview: null, apex: null };
    const { width, height } = unit.window;
    const size = { width: half(width), height: half(height) };
    const rowBytes = size.width * averageBytes;
    const averages = planes.map((plane) => {
      const at = space.take(rowBytes * size.height);
      kernels.averageStored(plane, width * sampleBytes, width, height, code, nodata, at, rowBytes);
      return at;
    });
    const storedRow = size.width * sampleBytes;
    const samples = averages.map((average) => {
      const at = space.take(storedRow * size.height);
      kernels.storeAverages(average, rowBytes, size.width, size.height, code, nodata, at, storedRow);
      return at;
    });
    const tile = encoder.encode({ ...size, planes: samples, rowBytes: storedRow });
    const overview = spillOverview(unit, tile);
    if (second === undefined) return { overview, apex: null };
    const quarter = { width: half(size.width), height: half(size.height) };
    const apex = averages.map((average) => {
      const toRow = quarter.width * averageBytes;
      const at = space.take(toRow * quarter.height);
      kernels.averageAgain(average, rowBytes, size.width, size.height, code, at, toRow);
      const pixels = quarter.width * quarter.height;
      return averageBytes === 8 ? space.doubles(at, pixels).slice() : space.singles(at, pixels).slice();
    });
    return { overview, apex };
  }

  function makeEmpty(unit: Unit): Omit<UnitReport, 'counts'> {
    const lengths = place(unit, () => encoder.empty());
    return {
      lengths,
      overview: first === undefined ? null : spillOverview(unit, encoder.empty()),
      apex: null,
    };
  }

  return {
    async make(unit) {
      const mark = space.mark();
      try {
        const { width, height } = unit.window;
        const planes = bands.map(() => space.take(width * height * sampleBytes));
        const { counts, pixels } = await fill(unit.window, planes);
        if (pixels === 'empty') return { ...makeEmpty(unit), counts };
        const lengths = placeFull(unit, planes);
        collector?.add(unit, planes);
        return { lengths, counts, ...makeOverview(unit, planes) };
      } finally {
        space.release(mark);
      }
    },
    statistics: () => ({
      bands: statistics.map((band) => band.accumulator()),
      zones: collector?.parts() ?? null,
    }),
  };
}

const half = (side: number): number => Math.ceil(side / 2);

/** Fills planes of stored samples with nodata. */
export function clearCell(
  space: KernelSpace,
  spec: CogSpec,
  { width, height }: PixelWindow,
  planes: readonly number[],
): void {
  for (const [band, plane] of planes.entries()) {
    const { stored } = spec.bands[band]!;
    fillNodata(space, plane, width * height * BYTES_PER_SAMPLE[stored.dtype], stored);
  }
}

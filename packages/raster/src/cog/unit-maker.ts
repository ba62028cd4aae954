import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import type { KernelSpace } from '../kernels/space.ts';
import type { PixelCounts } from '../process/work.ts';
import type { StatisticsAccumulator } from '../stats/accumulator.ts';
import { blockStatistics } from '../stats/block-statistics.ts';
import { type PyramidLevel, tileSize } from './pyramid.ts';
import { BYTES_PER_SAMPLE, nodataNumber, sampleCode } from './samples.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE } from './spec.ts';
import type { Spill, SpilledTile } from './spill.ts';
import { fillNodata, tileEncoder } from './tile-encoder.ts';
import { UNIT_BLOCKS, type Unit } from './units.ts';

/** Puts stored samples of a window into kernel memory, dense, one plane per band at the addresses given. */
export type FillCell = (window: PixelWindow, planes: readonly number[]) => Promise<FilledCell>;

export interface FilledCell {
  readonly counts: PixelCounts;
  /** `empty`: no pixel is valid; whatever the planes hold is not looked at. */
  readonly pixels: 'some' | 'empty';
}

/** What is left of a unit once its tiles are spilled. */
export interface UnitReport {
  readonly tiles: readonly SpilledTile[];
  readonly counts: PixelCounts;
  /** Per band, averages of the first overview's pixels for the second, NaN where there is none; null: all of them are. */
  readonly apex: readonly (Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>)[] | null;
}

/** Makes units of one image, one at a time, in its own kernel memory. */
export interface UnitMaker {
  make(unit: Unit): Promise<UnitReport>;
  /** Statistics per band of every unit made. */
  statistics(): readonly StatisticsAccumulator[];
}

export function createUnitMaker(
  space: KernelSpace,
  spec: CogSpec,
  levels: readonly PyramidLevel[],
  fill: FillCell,
  spill: Spill,
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
  const { kernels } = space;

  function put(level: number, tile: number, bytes: Uint8Array): SpilledTile {
    return {
      level,
      tile,
      offset: spill.append(bytes, level === 0 ? 'full' : 'overview'),
      length: bytes.length,
    };
  }

  /** Tiles of full resolution, in rows. */
  function fullTiles(unit: Unit, planes: readonly number[]): SpilledTile[] {
    const rowBytes = unit.window.width * sampleBytes;
    return blocksOf(unit).map(({ column, row, x, y }) => {
      const index = row * full!.tilesAcross + column;
      const size = tileSize(full!, column, row, blockSize);
      const at = planes.map((plane) => plane + y * rowBytes + x * sampleBytes);
      statistics.forEach((band, i) => {
        band.add(index, { at: at[i]!, rowBytes, ...size });
      });
      return put(0, index, encoder.encode({ ...size, planes: at, rowBytes }));
    });
  }

  function blocksOf({ column, row }: Unit) {
    const blocks: { column: number; row: number; x: number; y: number }[] = [];
    for (let down = 0; down < UNIT_BLOCKS; down++) {
      for (let across = 0; across < UNIT_BLOCKS; across++) {
        const block = { column: column * UNIT_BLOCKS + across, row: row * UNIT_BLOCKS + down };
        if (block.column >= full!.tilesAcross || block.row >= full!.tilesDown) continue;
        blocks.push({ ...block, x: across * blockSize, y: down * blockSize });
      }
    }
    return blocks;
  }

  /** The tile of the first overview, and what the second needs of it. */
  function overview(unit: Unit, planes: readonly number[], tiles: SpilledTile[]): UnitReport['apex'] {
    if (first === undefined) return null;
    const { width, height } = unit.window;
    const size = { width: half(width), height: half(height) };
    const rowBytes = size.width * averageBytes;
    const averages = planes.map((plane) => {
      const to = space.take(rowBytes * size.height);
      kernels.averageStored(plane, width * sampleBytes, width, height, code, nodata, to, rowBytes);
      return to;
    });
    const storedRow = size.width * sampleBytes;
    const samples = averages.map((average) => {
      const to = space.take(storedRow * size.height);
      kernels.storeAverages(average, rowBytes, size.width, size.height, code, nodata, to, storedRow);
      return to;
    });
    const tile = encoder.encode({ ...size, planes: samples, rowBytes: storedRow });
    tiles.push(put(1, unit.row * first.tilesAcross + unit.column, tile));
    if (second === undefined) return null;
    const apex = { width: half(size.width), height: half(size.height) };
    return averages.map((average) => {
      const toRow = apex.width * averageBytes;
      const to = space.take(toRow * apex.height);
      kernels.averageAgain(average, rowBytes, size.width, size.height, code, to, toRow);
      const pixels = apex.width * apex.height;
      return averageBytes === 8 ? space.doubles(to, pixels).slice() : space.singles(to, pixels).slice();
    });
  }

  function emptyTiles(unit: Unit): SpilledTile[] {
    const tiles = blocksOf(unit).map(({ column, row }) =>
      put(0, row * full!.tilesAcross + column, encoder.empty()),
    );
    if (first !== undefined) tiles.push(put(1, unit.row * first.tilesAcross + unit.column, encoder.empty()));
    return tiles;
  }

  return {
    async make(unit) {
      const mark = space.mark();
      try {
        const { width, height } = unit.window;
        const planes = bands.map(() => space.take(width * height * sampleBytes));
        const { counts, pixels } = await fill(unit.window, planes);
        if (pixels === 'empty') return { tiles: emptyTiles(unit), counts, apex: null };
        const tiles = fullTiles(unit, planes);
        return { tiles, counts, apex: overview(unit, planes, tiles) };
      } finally {
        space.release(mark);
      }
    },
    statistics: () => statistics.map((band) => band.accumulator()),
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

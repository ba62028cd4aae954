import { SwathError } from '@swath/core';
import { createKernelSpace } from '../kernels/space.ts';
import { type PyramidLevel, tileSize } from './pyramid.ts';
import { BYTES_PER_SAMPLE, nodataNumber, sampleCode } from './samples.ts';
import { type CogSpec, DEFAULT_BLOCK_SIZE } from './spec.ts';
import type { Spill, SpilledTile } from './spill.ts';
import { tileEncoder } from './tile-encoder.ts';
import type { UnitReport } from './unit-maker.ts';

type Averages = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A tile some of whose four quarters have come. */
interface PendingTile {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Averages[];
  missing: number;
  anyValid: boolean;
}

/**
 * Overviews from the second on. A tile is made as soon as its last quarter has come and is then forgotten; since units
 * come about in Z order, few tiles wait at a time.
 */
export interface UpperLevels {
  /** The quarter at (column, row) among the quarters of a level, in blocks of half the side. */
  add(level: number, column: number, row: number, apex: UnitReport['apex']): void;
  /** Tiles made, when every quarter has come. @throws SwathError Bug when some have not. */
  finish(): readonly SpilledTile[];
}

/** First level whose tiles several units share. */
export const FIRST_SHARED_LEVEL = 2;

export function createUpperLevels(spec: CogSpec, levels: readonly PyramidLevel[], spill: Spill): UpperLevels {
  const { bands, blockSize = DEFAULT_BLOCK_SIZE } = spec;
  const stored = bands[0]!.stored;
  const isDouble = stored.dtype === 'int32';
  const averageBytes = isDouble ? 8 : 4;
  const sampleBytes = BYTES_PER_SAMPLE[stored.dtype];
  const code = sampleCode(stored);
  const nodata = nodataNumber(stored);
  const space = createKernelSpace();
  const encoder = tileEncoder(space, stored, bands.length, blockSize);
  const pending = new Map<string, PendingTile>();
  const tiles: SpilledTile[] = [];

  function tileAt(level: number, column: number, row: number): PendingTile {
    const key = `${level}/${column}/${row}`;
    const known = pending.get(key);
    if (known !== undefined) return known;
    const size = tileSize(levels[level]!, column, row, blockSize);
    const below = levels[level - 1]!;
    const across = Math.min(2, below.tilesAcross - 2 * column);
    const down = Math.min(2, below.tilesDown - 2 * row);
    const pixels = size.width * size.height;
    const planes = bands.map(() => (isDouble ? new Float64Array(pixels) : new Float32Array(pixels)));
    for (const plane of planes) plane.fill(Number.NaN);
    const tile = { ...size, planes, missing: across * down, anyValid: false };
    pending.set(key, tile);
    return tile;
  }

  function add(level: number, column: number, row: number, apex: UnitReport['apex']): void {
    if (levels[level] === undefined) return;
    const at = { column: Math.floor(column / 2), row: Math.floor(row / 2) };
    const tile = tileAt(level, at.column, at.row);
    if (apex !== null) {
      tile.anyValid = true;
      const x = ((column % 2) * blockSize) / 2;
      const y = ((row % 2) * blockSize) / 2;
      const width = Math.min(blockSize / 2, tile.width - x);
      for (const [band, plane] of apex.entries()) {
        copyRows(plane, width, tile.planes[band]!, tile.width, x, y);
        // Back at once: the collector lets 64 MiB of such buffers pile up.
        plane.buffer.transfer(0);
      }
    }
    if (--tile.missing > 0) return;
    pending.delete(`${level}/${at.column}/${at.row}`);
    const next = make(level, at.row * levels[level].tilesAcross + at.column, tile);
    add(level + 1, at.column, at.row, next);
  }

  /** Stores the tile. @returns its averages for the level above. */
  function make(level: number, index: number, tile: PendingTile): UnitReport['apex'] {
    const put = (bytes: Uint8Array) => {
      tiles.push(spill.append(level, index, bytes));
    };
    if (!tile.anyValid) {
      put(encoder.empty());
      return null;
    }
    const mark = space.mark();
    const { width, height } = tile;
    const rowBytes = width * averageBytes;
    const storedRow = width * sampleBytes;
    const averages = tile.planes.map((plane) => {
      const at = space.take(rowBytes * height);
      (isDouble ? space.doubles(at, plane.length) : space.singles(at, plane.length)).set(plane);
      plane.buffer.transfer(0);
      return at;
    });
    const planes = averages.map((average) => {
      const to = space.take(storedRow * height);
      space.kernels.storeAverages(average, rowBytes, width, height, code, nodata, to, storedRow);
      return to;
    });
    put(encoder.encode({ width, height, planes, rowBytes: storedRow }));
    const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
    const apex = averages.map((average) => {
      const toRow = half.width * averageBytes;
      const to = space.take(toRow * half.height);
      space.kernels.averageAgain(average, rowBytes, width, height, code, to, toRow);
      const pixels = half.width * half.height;
      return isDouble ? space.doubles(to, pixels).slice() : space.singles(to, pixels).slice();
    });
    space.release(mark);
    return apex;
  }

  return {
    add,
    finish() {
      if (pending.size > 0) {
        throw new SwathError('Bug', `${pending.size} tiles of overviews wait for their quarters`);
      }
      return tiles;
    },
  };
}

function copyRows(from: Averages, width: number, to: Averages, toWidth: number, x: number, y: number): void {
  const rows = from.length / width;
  for (let row = 0; row < rows; row++) {
    to.set(from.subarray(row * width, (row + 1) * width), (y + row) * toWidth + x);
  }
}

import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import {
  addBlock,
  createStatistics,
  type DnPlane,
  type StatisticsAccumulator,
} from '../stats/accumulator.ts';
import { compressTile } from './compress.ts';
import { READ_WINDOW_PIXELS, TILES_IN_FLIGHT } from './limits.ts';
import { createPool, type Pool } from './pool.ts';
import { averageInto, type PyramidLevel, tileSize } from './pyramid.ts';
import { quantise } from './quantise.ts';
import type { CogSpec, ReadPlanes } from './spec.ts';
import type { Spill } from './spill.ts';
import { type TilePlanes, tileBytes } from './tile.ts';

interface Build {
  readonly spec: CogSpec;
  readonly blockSize: number;
  readonly levels: readonly PyramidLevel[];
  readonly spill: Spill;
  readonly statistics: readonly StatisticsAccumulator[];
  readonly readTile: (column: number, row: number) => Promise<TileValues>;
  readonly pool: Pool;
  readonly signal: AbortSignal | undefined;
  /** Compressed tile without a valid pixel, made once. */
  emptyTile: Promise<Uint8Array> | undefined;
}

interface TileValues {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Float32Array[];
}

/**
 * Makes every tile of every level in one pass over full resolution, in Z order: a tile of an overview is made right
 * after the four below it, so that memory holds four tiles a level whatever the size of the image.
 * @returns statistics per band of what was stored.
 */
export async function buildTiles(
  spec: CogSpec,
  blockSize: number,
  levels: readonly PyramidLevel[],
  spill: Spill,
  read: ReadPlanes,
  signal?: AbortSignal,
): Promise<readonly StatisticsAccumulator[]> {
  const build: Build = {
    spec,
    blockSize,
    levels,
    spill,
    statistics: spec.bands.map(({ stored }) => createStatistics(stored)),
    readTile: tileReader(spec, blockSize, read),
    pool: createPool(TILES_IN_FLIGHT),
    signal,
    emptyTile: undefined,
  };
  try {
    await buildTop(build);
  } finally {
    // Nothing may still write when the caller closes the files, whatever went wrong.
    await build.pool.drain();
  }
  return build.statistics;
}

/** The top level is one tile, unless there are no overviews: then tiles come in the order of the windows read. */
async function buildTop(build: Build): Promise<void> {
  const top = build.levels.length - 1;
  const { tilesAcross, tilesDown } = build.levels[top]!;
  const span = tilesPerWindow(build.blockSize);
  for (let row = 0; row < tilesDown; row += span) {
    for (let column = 0; column < tilesAcross; column += span) {
      for (let y = row; y < Math.min(row + span, tilesDown); y++) {
        for (let x = column; x < Math.min(column + span, tilesAcross); x++) await buildTile(build, top, x, y);
      }
    }
  }
}

async function buildTile(build: Build, level: number, column: number, row: number): Promise<TilePlanes> {
  build.signal?.throwIfAborted();
  const tile =
    level === 0 ? await fullTile(build, column, row) : await overviewTile(build, level, column, row);
  await storeTile(build, level, row * build.levels[level]!.tilesAcross + column, tile);
  return tile;
}

async function fullTile(build: Build, column: number, row: number): Promise<TilePlanes> {
  const { width, height, planes: values } = await build.readTile(column, row);
  const planes = values.map((plane, band) => quantise(plane, build.spec.bands[band]!.stored));
  const index = row * build.levels[0]!.tilesAcross + column;
  for (const [band, plane] of planes.entries()) addBlock(build.statistics[band]!, index, plane);
  return { width, height, planes };
}

async function overviewTile(build: Build, level: number, column: number, row: number): Promise<TilePlanes> {
  const { blockSize } = build;
  const below = build.levels[level - 1]!;
  const size = tileSize(build.levels[level]!, column, row, blockSize);
  const tile: TilePlanes = {
    ...size,
    planes: build.spec.bands.map(() => new Float32Array(size.width * size.height)),
  };
  for (let y = 0; y < 2; y++) {
    for (let x = 0; x < 2; x++) {
      const childColumn = column * 2 + x;
      const childRow = row * 2 + y;
      if (childColumn >= below.tilesAcross || childRow >= below.tilesDown) continue;
      const child = await buildTile(build, level - 1, childColumn, childRow);
      averageInto(tile, child, { x: (x * blockSize) / 2, y: (y * blockSize) / 2 });
    }
  }
  return tile;
}

async function storeTile(build: Build, level: number, index: number, tile: TilePlanes): Promise<void> {
  await build.pool.start(async () => {
    await build.spill.put(level, index, await compressedTile(build, tile));
  });
}

async function compressedTile(build: Build, tile: TilePlanes): Promise<Uint8Array> {
  const { spec, blockSize } = build;
  const { stored } = spec.bands[0]!;
  if (tile.planes.every((plane) => plane.every(Number.isNaN))) {
    const empty = { width: 0, height: 0, planes: tile.planes };
    build.emptyTile ??= compressTile(tileBytes(empty, blockSize, stored));
    return build.emptyTile;
  }
  return compressTile(
    tileBytes({ ...tile, planes: tile.planes.map((p) => storable(p, stored)) }, blockSize, stored),
  );
}

/** Averages become digital numbers; digital numbers stay what they are. */
function storable(plane: DnPlane, stored: CogSpec['bands'][number]['stored']): DnPlane {
  return quantise(plane, { ...stored, scale: 1, offset: 0 });
}

/** Tiles along one side of the window asked of the caller. */
function tilesPerWindow(blockSize: number): number {
  let span = 1;
  while ((span * 2 * blockSize) ** 2 <= READ_WINDOW_PIXELS) span *= 2;
  return span;
}

/** Reads windows of several tiles and cuts tiles from the one read last: Z order uses a window up before the next. */
function tileReader(spec: CogSpec, blockSize: number, read: ReadPlanes): Build['readTile'] {
  const { width, height } = spec.grid;
  const side = tilesPerWindow(blockSize) * blockSize;
  let last: { readonly window: PixelWindow; readonly planes: readonly Float32Array[] } | undefined;

  return async (column, row) => {
    const x = column * blockSize;
    const y = row * blockSize;
    const windowX = Math.floor(x / side) * side;
    const windowY = Math.floor(y / side) * side;
    if (last === undefined || last.window.x !== windowX || last.window.y !== windowY) {
      last = undefined;
      const window: PixelWindow = {
        x: windowX,
        y: windowY,
        width: Math.min(side, width - windowX),
        height: Math.min(side, height - windowY),
      };
      last = { window, planes: checkPlanes(await read(window), spec, window) };
    }
    const { window, planes } = last;
    const tile = { x, y, width: Math.min(blockSize, width - x), height: Math.min(blockSize, height - y) };
    return { ...tile, planes: planes.map((plane) => crop(plane, window, tile)) };
  };
}

function checkPlanes(
  planes: readonly Float32Array[],
  spec: CogSpec,
  window: PixelWindow,
): readonly Float32Array[] {
  const pixels = window.width * window.height;
  if (planes.length !== spec.bands.length || planes.some((plane) => plane.length !== pixels)) {
    throw new SwathError(
      'Bug',
      `the writer asked for ${spec.bands.length} planes of ${pixels} pixels and got ${planes.length} of ` +
        `${planes.map((plane) => plane.length).join(', ')}`,
    );
  }
  return planes;
}

function crop(plane: Float32Array, from: PixelWindow, to: PixelWindow): Float32Array {
  const out = new Float32Array(to.width * to.height);
  for (let y = 0; y < to.height; y++) {
    const start = (to.y - from.y + y) * from.width + (to.x - from.x);
    out.set(plane.subarray(start, start + to.width), y * to.width);
  }
  return out;
}

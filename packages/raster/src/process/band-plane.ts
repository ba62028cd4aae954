import type { PixelWindow } from '@swath/geo';
import type { BandType } from '../expression/kernel.ts';
import type { RasterImage, SampleType, WindowRequest } from '../image.ts';
import type { KernelSpace } from '../kernels/space.ts';
import { settleAll } from '../settle.ts';
import { wholeOffset } from '../warp/aligned.ts';
import { checkGridRead, type GridRead, gridPlane } from '../warp/grid-plane.ts';
import { coarsenessOf, levelFor } from '../warp/level.ts';
import { EDGE_PX, SOURCE_WINDOW_PIXELS } from '../warp/limits.ts';
import { intersect, type PositionMap, positionMap } from '../warp/positions.ts';

/** Digital numbers of a window in kernel memory, row-major and dense. */
export interface BandPlane {
  readonly type: BandType;
  readonly at: number;
  /** The number that is no data; null when none is. NaN never is data. */
  readonly nodata: number | null;
  /** Address of bytes, 255 where the image has a pixel and 0 where not; undefined when it has all of them. */
  readonly valid: number | undefined;
  /** The samples are bytes that a {@link Translate} made. */
  readonly isTranslated?: true;
}

const DIRECT: ReadonlyMap<SampleType, { readonly type: BandType; readonly bytes: 1 | 2 | 4 }> = new Map([
  ['uint8', { type: 'uint8', bytes: 1 }],
  ['int8', { type: 'int8', bytes: 1 }],
  ['uint16', { type: 'uint16', bytes: 2 }],
  ['int16', { type: 'int16', bytes: 2 }],
  ['float16', { type: 'float32', bytes: 4 }],
  ['float32', { type: 'float32', bytes: 4 }],
]);

/**
 * Brings bands to the pixels of a grid as `gridPlane` does, in kernel memory that is the caller's to release, in the
 * order of `reads`. Those that need no resampling are read side by side.
 */
export async function bandPlanes(reads: readonly GridRead[], space: KernelSpace): Promise<BandPlane[]> {
  const plans = reads.map((read) => ({ read, direct: directRead(read) }));
  const early = await settleAll(
    plans.map(async ({ direct }) => (direct === null ? null : await direct(space))),
  );
  const planes: BandPlane[] = [];
  for (const [i, { read }] of plans.entries()) planes.push(early[i] ?? (await resampled(read, space)));
  return planes;
}

/** Makes one byte of each sample of a plane, at the address returned. */
export type Translate = (plane: BandPlane, count: number) => number;

/**
 * Brings one band to the pixels of a grid and translates its samples. Where nearest neighbour repeats samples, they are
 * translated before they are repeated.
 */
export async function translatedPlane(
  read: GridRead,
  space: KernelSpace,
  translate: Translate,
): Promise<Pick<BandPlane, 'at' | 'valid'>> {
  const direct = directRead(read, translate);
  const plane = direct === null ? await resampled(read, space) : await direct(space);
  if (plane.isTranslated === true) return plane;
  return { at: translate(plane, read.window.width * read.window.height), valid: plane.valid };
}

/** Resamples to singles, NaN where there is no valid pixel. Nothing else may use the space meanwhile. */
async function resampled(read: GridRead, space: KernelSpace): Promise<BandPlane> {
  const at = space.take(4 * read.window.width * read.window.height);
  await gridPlane(read, space, at);
  return { type: 'float32', at, nodata: null, valid: undefined };
}

/**
 * How to read a band whose samples stay what they are: where the grid's pixels are the source's, and for nearest
 * neighbour on a grid parallel to it. Such reads may overlap in one space. Null: it has to be resampled.
 */
export function directRead(
  read: GridRead,
  translate?: Translate,
): ((space: KernelSpace) => Promise<BandPlane>) | null {
  checkGridRead(read);
  const { image, grid, window, resampling } = read;
  const map = positionMap(grid, image.name, image.info);
  const direct = DIRECT.get(image.info.dtype);
  if (direct === undefined || map.kind !== 'affine') return null;
  const offset = wholeOffset(map, grid);
  if (offset !== null) {
    const wanted = { ...window, x: window.x + offset.x, y: window.y + offset.y };
    return (space) => copied(read, space, direct, wanted);
  }
  const indices = resampling === 'nearest' ? nearestIndices(read, map) : null;
  return indices === null ? null : (space) => gathered(read, space, direct, indices, translate);
}

interface Direct {
  readonly type: BandType;
  readonly bytes: 1 | 2 | 4;
}

/** The nodata of a read as samples of the type hold it; one they cannot hold is never found. */
function nodataFor({ nodata }: GridRead, type: BandType): number | null {
  if (nodata === null || nodata === 'nan') return null;
  return type === 'float32' ? Math.fround(nodata) : nodata;
}

/** A window of the source's own pixels, part of which may lie outside the image. */
async function copied(
  read: GridRead,
  space: KernelSpace,
  { type, bytes }: Direct,
  wanted: PixelWindow,
): Promise<BandPlane> {
  const { width, height } = wanted;
  const plane = { type, at: space.take(width * height * bytes), nodata: nodataFor(read, type) };
  const part = intersect(wanted, {
    x: 0,
    y: 0,
    width: read.image.info.width,
    height: read.image.info.height,
  });
  if (part !== null && part.width === width && part.height === height) {
    return { ...plane, valid: await readSamples(read, space, 0, part, plane.at, bytes) };
  }
  const valid = space.take(width * height);
  space.bytes(valid, width * height).fill(0);
  space.bytes(plane.at, width * height * bytes).fill(0);
  if (part === null) return { ...plane, valid };
  const source = space.take(part.width * part.height * bytes);
  const partValid = await readSamples(read, space, 0, part, source, bytes);
  const skip = (part.y - wanted.y) * width + (part.x - wanted.x);
  const { interleave } = space.kernels;
  const to = plane.at + skip * bytes;
  interleave(source, part.width * bytes, part.width, part.height, to, width * bytes, 1, bytes);
  if (partValid !== undefined) {
    interleave(partValid, part.width, part.width, part.height, valid + skip, width, 1, 1);
  } else {
    const pixels = space.bytes(valid, width * height);
    for (let row = 0; row < part.height; row++) {
      pixels.fill(255, skip + row * width, skip + row * width + part.width);
    }
  }
  return { ...plane, valid };
}

interface NearestIndices {
  readonly level: number;
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

/** Source columns and rows of the window's, when they do not depend on each other; -1 is outside. */
function nearestIndices(
  { image, grid, window, levels }: GridRead,
  map: Extract<PositionMap, { kind: 'affine' }>,
): NearestIndices | null {
  const [x0, xColumn, xRow, y0, yColumn, yRow] = map.matrix;
  if (xRow !== 0 || yColumn !== 0) return null;
  const coarseness = coarsenessOf(map, grid);
  if (coarseness === null) return null;
  const level = levels === 'full' ? 0 : levelFor('nearest', coarseness, image.info.levels);
  const { width, height } = image.info.levels[level]!;
  const scaleX = level === 0 ? 1 : width / image.info.width;
  const scaleY = level === 0 ? 1 : height / image.info.height;
  const columns = new Int32Array(window.width);
  for (let i = 0; i < columns.length; i++) {
    const at = Math.floor((x0 + (window.x + i + 0.5) * xColumn) * scaleX + EDGE_PX);
    columns[i] = at >= 0 && at < width ? at : -1;
  }
  const rows = new Int32Array(window.height);
  for (let i = 0; i < rows.length; i++) {
    const at = Math.floor((y0 + (window.y + i + 0.5) * yRow) * scaleY + EDGE_PX);
    rows[i] = at >= 0 && at < height ? at : -1;
  }
  const needed = spanOf(columns).length * spanOf(rows).length;
  return needed > SOURCE_WINDOW_PIXELS ? null : { level, columns, rows };
}

/** First index and number of indices between the smallest and the largest that are not -1. */
function spanOf(indices: Int32Array): { readonly first: number; readonly length: number } {
  let first = Number.MAX_SAFE_INTEGER;
  let last = -1;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index < 0) continue;
    if (index < first) first = index;
    if (index > last) last = index;
  }
  return last < 0 ? { first: 0, length: 0 } : { first, length: last - first + 1 };
}

async function gathered(
  read: GridRead,
  space: KernelSpace,
  { type, bytes }: Direct,
  { level, columns, rows }: NearestIndices,
  translate: Translate | undefined,
): Promise<BandPlane> {
  const { width, height } = read.window;
  const nodata = nodataFor(read, type);
  const [across, down] = [spanOf(columns), spanOf(rows)];
  const outside = columns.includes(-1) || rows.includes(-1);
  const valid = outside ? space.take(width * height) : undefined;
  if (across.length === 0 || down.length === 0) {
    const at = space.take(width * height * bytes);
    space.bytes(at, width * height * bytes).fill(0);
    if (valid !== undefined) space.bytes(valid, width * height).fill(0);
    return { type, at, nodata, valid };
  }
  const from = { x: across.first, y: down.first, width: across.length, height: down.length };
  const samples = space.take(from.width * from.height * bytes);
  const sourceValid = await readSamples(read, space, level, from, samples, bytes);
  const own = { type, at: samples, nodata, valid: undefined };
  const source = translate === undefined ? samples : translate(own, from.width * from.height);
  const size = translate === undefined ? bytes : 1;
  const at = space.take(width * height * size);
  const columnsAt = indicesAt(space, columns, across.first);
  const rowsAt = indicesAt(space, rows, down.first);
  const { gatherSamples } = space.kernels;
  gatherSamples(source, from.width, columnsAt, width, rowsAt, height, at, size);
  const plane = {
    ...(translate === undefined ? { type } : { type: 'uint8' as const, isTranslated: true as const }),
    at,
    nodata,
  };
  if (sourceValid === undefined && valid === undefined) return { ...plane, valid: undefined };
  const validAt = valid ?? space.take(width * height);
  if (sourceValid === undefined) space.bytes(validAt, width * height).fill(255);
  else gatherSamples(sourceValid, from.width, columnsAt, width, rowsAt, height, validAt, 1);
  const pixels = space.bytes(validAt, width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (rows[y] === -1 || columns[x] === -1) pixels[y * width + x] = 0;
  }
  return { ...plane, valid: validAt };
}

/** Indices from the start of what was read; those outside point at its first pixel. */
function indicesAt(space: KernelSpace, indices: Int32Array, first: number): number {
  const at = space.take(4 * indices.length);
  const words = space.words(at, indices.length);
  for (let i = 0; i < words.length; i++) words[i] = Math.max(0, indices[i]! - first);
  return at;
}

/** Reads samples to `at`. @returns the address of bytes, 255 where valid, or undefined when all are. */
async function readSamples(
  read: GridRead,
  space: KernelSpace,
  level: number,
  window: PixelWindow,
  at: number,
  bytes: number,
): Promise<number | undefined> {
  const { image, band, signal, inRows } = read;
  const request = {
    band,
    level,
    window,
    ...(inRows === undefined ? {} : { inRows }),
    ...(signal === undefined ? {} : { signal }),
  };
  const valid = await intoSpace(image, request, space, at, bytes);
  if (valid === undefined) return undefined;
  const to = space.take(valid.length);
  const target = space.bytes(to, valid.length);
  for (let i = 0; i < valid.length; i++) target[i] = valid[i] === 0 ? 0 : 255;
  return to;
}

async function intoSpace(
  image: RasterImage,
  request: WindowRequest,
  space: KernelSpace,
  at: number,
  bytes: number,
): Promise<Uint8Array | undefined> {
  if (image.readInto !== undefined) return (await image.readInto(request, { space, at })).valid;
  const { data, valid } = await image.readWindow(request);
  const { width, height } = request.window;
  space.bytes(at, width * height * bytes).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return valid;
}

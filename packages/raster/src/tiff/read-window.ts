import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import { sampleBytesOf } from '../codec/block.ts';
import { decodePlain, isPlain } from '../codec/plain.ts';
import type { KernelTarget } from '../image.ts';
import { COALESCE_MAX_BYTES, KERNEL_BLOCK_BYTES, MAX_WINDOW_BYTES } from '../limits.ts';
import { settleAll } from '../settle.ts';
import { returnScratch, takeScratch } from '../source/scratch.ts';
import { spareBlock } from '../source/spare-blocks.ts';
import { decodesInRows, inflateRows } from './block-rows.ts';
import {
  type BlockImage,
  type BlockPlace,
  blockContext,
  blockFailure,
  blockRows,
  cachedBlock,
  decoded,
  fetchBlocks,
  forKernel,
  keepBlock,
} from './blocks.ts';
import type { Layout } from './layout.ts';
import { copySamples } from './samples.ts';

/** @throws SwathError Bug when the window does not lie inside, LimitExceeded when it is too large to hold. */
export function checkWindow(
  name: string,
  window: PixelWindow,
  size: { readonly width: number; readonly height: number },
  sampleBytes: number,
): void {
  const { x, y, width, height } = window;
  const whole = [x, y, width, height].every(Number.isSafeInteger);
  if (
    !whole ||
    x < 0 ||
    y < 0 ||
    width < 1 ||
    height < 1 ||
    x + width > size.width ||
    y + height > size.height
  ) {
    throw new SwathError(
      'Bug',
      `${name}: window ${width} x ${height} at (${x}, ${y}) does not lie in ${size.width} x ${size.height} pixels`,
    );
  }
  const bytes = width * height * sampleBytes;
  if (bytes > MAX_WINDOW_BYTES) {
    throw new SwathError(
      'LimitExceeded',
      `${name}: a window of ${width} x ${height} pixels has ${bytes} bytes, the limit is ${MAX_WINDOW_BYTES}`,
    );
  }
}

/** Samples of one band, and which of them no block stored. */
export interface BandWindow {
  readonly bytes: Uint8Array;
  /** 1 where a block covers the pixel; undefined when all do. */
  readonly stored: Uint8Array | undefined;
}

/** One block that the window touches: its index in the file's arrays and where they overlap, in image pixels. */
interface Overlap {
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlaps(image: BlockImage, band: number, window: PixelWindow): Overlap[] {
  const { layout } = image;
  const { blockWidth, blockHeight, across, down } = layout;
  const plane = layout.planar === 'separate' ? (band - 1) * across * down : 0;
  const out: Overlap[] = [];
  const lastRow = Math.floor((window.y + window.height - 1) / blockHeight);
  const lastColumn = Math.floor((window.x + window.width - 1) / blockWidth);
  for (let row = Math.floor(window.y / blockHeight); row <= lastRow; row++) {
    for (let column = Math.floor(window.x / blockWidth); column <= lastColumn; column++) {
      const left = column * blockWidth;
      const top = row * blockHeight;
      const x = Math.max(window.x, left);
      const y = Math.max(window.y, top);
      out.push({
        index: plane + row * across + column,
        left,
        top,
        x,
        y,
        width: Math.min(window.x + window.width, left + blockWidth) - x,
        height: Math.min(window.y + window.height, top + blockHeight) - y,
      });
    }
  }
  return out;
}

/** Runs of blocks whose decoded size together stays near one coalesced fetch, so that memory is bounded. */
function* batches(image: BlockImage, all: readonly Overlap[]): Generator<Overlap[]> {
  const perBatch = Math.max(1, Math.floor((4 * COALESCE_MAX_BYTES) / image.layout.blockBytes));
  for (let at = 0; at < all.length; at += perBatch) yield all.slice(at, at + perBatch);
}

/** Where samples of a window go: rows dense, `at` bytes into the buffer of `bytes()`. */
interface Destination {
  readonly at: number;
  readonly bytes: () => Uint8Array;
  readonly kernel: KernelTarget | undefined;
}

/**
 * One band of a window as host-order samples. Pixels of blocks that are not stored become 0 and are marked.
 * The window must have been checked.
 */
export async function readBand(
  image: BlockImage,
  places: (index: number) => BlockPlace,
  request: BandRequest,
): Promise<BandWindow> {
  const { window } = request;
  const bytes = new Uint8Array(window.width * window.height * sampleBytesOf(image.layout));
  const stored = await fill(image, places, request, { at: 0, bytes: () => bytes, kernel: undefined });
  return { bytes, stored };
}

/** The same into kernel memory. Blocks that the window takes whole are decoded where they belong, and not kept. */
export async function readBandInto(
  image: BlockImage,
  places: (index: number) => BlockPlace,
  request: BandRequest,
  kernel: KernelTarget,
): Promise<Uint8Array | undefined> {
  const { space, at } = kernel;
  const { width, height } = request.window;
  const length = width * height * sampleBytesOf(image.layout);
  const whole = () => new Uint8Array(space.memory.buffer);
  const stored = await fill(image, places, request, { at, bytes: whole, kernel });
  if (stored === undefined) return undefined;
  const samples = space.bytes(at, length);
  const sampleBytes = length / stored.length;
  for (let i = 0; i < stored.length; i++) {
    if (stored[i] === 0) samples.fill(0, i * sampleBytes, (i + 1) * sampleBytes);
  }
  return stored;
}

export interface BandRequest {
  readonly band: number;
  readonly window: PixelWindow;
  readonly inRows?: true | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @returns 1 where a block covers the pixel, or undefined when all do. */
async function fill(
  image: BlockImage,
  places: (index: number) => BlockPlace,
  { band, window, signal, inRows }: BandRequest,
  to: Destination,
): Promise<Uint8Array | undefined> {
  let stored: Uint8Array | undefined;
  for (const batch of batches(image, overlaps(image, band, window))) {
    const missing: Overlap[] = [];
    for (const part of batch) {
      const known = cachedBlock(image, part.index);
      if (known !== undefined) copyPart(image, band, window, part, known, to);
      else if (inRows !== true || !(await readRows(image, places(part.index), { window, part, signal }, to)))
        missing.push(part);
    }
    const coming = fetchBlocks(
      image,
      missing.map(({ index }) => index),
      places,
      signal,
    );
    const place = async (part: Overlap, at: number): Promise<void> => {
      const waiting = coming[at];
      if (waiting === undefined) {
        stored ??= new Uint8Array(window.width * window.height).fill(1);
        clearPart(stored, window, part);
        return;
      }
      const block = await waiting;
      const { kernel } = to;
      if (kernel !== undefined && decodesInKernel(image.layout)) {
        const { bytes, layout } = await forKernel(image, block);
        const { rows } = blockContext(image, block.index);
        decodeInKernel(image, window, part, { bytes, layout, from: 0, rows, keep: true }, kernel);
        return;
      }
      const samples = await decoded(image, block);
      copyPart(image, band, window, part, samples, to);
      // Other bands may be in it.
      if (image.layout.blockSamples > 1 || !takesWhole(image.layout, part)) {
        keepBlock(image, block.index, samples);
      }
    };
    if (image.source.remote === true) await settleAll(missing.map(place));
    else for (const [at, part] of missing.entries()) await place(part, at);
    for (const block of coming) {
      if (block !== undefined) image.source.recycle?.((await block).bytes);
    }
  }
  return stored;
}

function clearPart(stored: Uint8Array, window: PixelWindow, part: Overlap): void {
  const start = (part.y - window.y) * window.width + (part.x - window.x);
  for (let row = 0; row < part.height; row++) {
    const at = start + row * window.width;
    stored.fill(0, at, at + part.width);
  }
}

function copyPart(
  image: BlockImage,
  band: number,
  window: PixelWindow,
  part: Overlap,
  block: Uint8Array,
  to: Destination,
): void {
  const { layout } = image;
  const sampleBytes = sampleBytesOf(layout);
  const fromRow = layout.blockWidth * layout.blockSamples;
  const bandAt = layout.planar === 'chunky' ? band - 1 : 0;
  if (part.y - part.top + part.height > blockRows(layout, part.index)) {
    throw new SwathError('Bug', `block ${part.index} does not hold the rows asked of it`);
  }
  copySamples(block, to.bytes(), sampleBytes, {
    rows: part.height,
    columns: part.width,
    fromStart: (part.y - part.top) * fromRow + (part.x - part.left) * layout.blockSamples + bandAt,
    fromRow,
    fromStep: layout.blockSamples,
    toStart: to.at / sampleBytes + (part.y - window.y) * window.width + (part.x - window.x),
    toRow: window.width,
  });
}

/** Whether blocks hold one band and are small enough to be decoded in kernel memory. */
function decodesInKernel(layout: Layout): boolean {
  return isPlain(layout) && layout.blockSamples === 1 && layout.blockBytes <= KERNEL_BLOCK_BYTES;
}

/** Whether the window takes all there is of a block: hardly anybody else will ask for it. */
function takesWhole(layout: Layout, part: Overlap): boolean {
  return (
    part.x === part.left &&
    part.y === part.top &&
    part.x + part.width === Math.min(layout.width, part.left + layout.blockWidth) &&
    part.y + part.height === Math.min(layout.height, part.top + layout.blockHeight)
  );
}

/**
 * Reads the part of a block that is in the window, decoding no more rows than that takes.
 * @returns false when the block has to be decoded whole, and nothing was read.
 */
async function readRows(
  image: BlockImage,
  place: BlockPlace,
  request: {
    readonly window: PixelWindow;
    readonly part: Overlap;
    readonly signal: AbortSignal | undefined;
  },
  { kernel }: Destination,
): Promise<boolean> {
  const { layout } = image;
  const { window, part, signal } = request;
  const from = part.y - part.top;
  const isPart = part.height < blockRows(layout, part.index);
  if (kernel === undefined || !isPart || place.length === 0) return false;
  if (!decodesInRows(image) || !decodesInKernel(layout)) return false;
  const bytes = takeScratch(part.height * layout.rowBytes);
  try {
    const range = { from, to: from + part.height };
    const isThere = await inflateRows(image, part.index, place, range, bytes, signal).catch((cause) => {
      throw blockFailure(image, part.index, cause);
    });
    if (!isThere) return false;
    const rows = { bytes, layout: { ...layout, compression: 1 }, from, rows: part.height, keep: false };
    decodeInKernel(image, window, part, rows, kernel);
    return true;
  } finally {
    returnScratch(bytes);
  }
}

/** Rows of a block that are to be decoded, from the first of them on. */
interface StoredRows {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly from: number;
  readonly rows: number;
  /** Whether others may want them, too. */
  readonly keep: boolean;
}

/** Decodes rows of a block and puts the part of them where it belongs; keeps them unless the window takes all. */
function decodeInKernel(
  image: BlockImage,
  window: PixelWindow,
  part: Overlap,
  { bytes, layout, from, rows, keep }: StoredRows,
  { space, at }: KernelTarget,
): void {
  const sampleBytes = layout.bits / 8;
  const context = { ...blockContext(image, part.index), rows };
  const { rowBytes } = layout;
  const target = at + ((part.y - window.y) * window.width + (part.x - window.x)) * sampleBytes;
  const mark = space.mark();
  try {
    const fits = part.x === part.left && part.y === part.top + from && part.height === rows;
    if (fits && part.width * sampleBytes === rowBytes && window.width === part.width) {
      decodePlain(bytes, layout, context, space, target);
      return;
    }
    const blockBytes = rows * rowBytes;
    const block = space.take(blockBytes);
    decodePlain(bytes, layout, context, space, block);
    const first = block + (part.y - part.top - from) * rowBytes + (part.x - part.left) * sampleBytes;
    const toRowBytes = window.width * sampleBytes;
    space.kernels.interleave(first, rowBytes, part.width, part.height, target, toRowBytes, 1, sampleBytes);
    if (!keep || takesWhole(layout, part)) return;
    const kept = spareBlock(blockBytes);
    kept.set(space.bytes(block, blockBytes));
    keepBlock(image, part.index, kept);
  } catch (cause) {
    throw blockFailure(image, part.index, cause);
  } finally {
    space.release(mark);
  }
}

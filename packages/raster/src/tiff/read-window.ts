import { SwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import { sampleBytesOf } from '../codec/block.ts';
import { COALESCE_MAX_BYTES, MAX_WINDOW_BYTES } from '../limits.ts';
import { type BlockImage, type BlockPlace, blockRows, readBlocks } from './blocks.ts';
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

/**
 * One band of a window as host-order samples. Pixels of blocks that are not stored stay 0 and are marked.
 * The window must have been checked.
 */
export async function readBand(
  image: BlockImage,
  places: (index: number) => BlockPlace,
  request: { readonly band: number; readonly window: PixelWindow; readonly signal: AbortSignal | undefined },
): Promise<BandWindow> {
  const { band, window, signal } = request;
  const { layout } = image;
  const sampleBytes = sampleBytesOf(layout);
  const bytes = new Uint8Array(window.width * window.height * sampleBytes);
  const bandAt = layout.planar === 'chunky' ? band - 1 : 0;
  let stored: Uint8Array | undefined;
  for (const batch of batches(image, overlaps(image, band, window))) {
    const indices = batch.map((overlap) => overlap.index);
    const blocks = await readBlocks(image, indices, places, signal);
    for (const [at, part] of batch.entries()) {
      const block = blocks[at];
      const toStart = (part.y - window.y) * window.width + (part.x - window.x);
      if (block === undefined) {
        stored ??= new Uint8Array(window.width * window.height).fill(1);
        for (let row = 0; row < part.height; row++) {
          stored.fill(0, toStart + row * window.width, toStart + row * window.width + part.width);
        }
        continue;
      }
      const fromRow = layout.blockWidth * layout.blockSamples;
      if (part.y - part.top + part.height > blockRows(layout, part.index)) {
        throw new SwathError('Bug', `block ${part.index} does not hold the rows asked of it`);
      }
      copySamples(block, bytes, sampleBytes, {
        rows: part.height,
        columns: part.width,
        fromStart: (part.y - part.top) * fromRow + (part.x - part.left) * layout.blockSamples + bandAt,
        fromRow,
        fromStep: layout.blockSamples,
        toStart,
        toRow: window.width,
      });
    }
  }
  return { bytes, stored };
}

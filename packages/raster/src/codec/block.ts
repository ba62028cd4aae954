import { SwathError } from '@swath/core';
import { createKernelSpace, type KernelSpace } from '../kernels/space.ts';
import { KERNEL_BLOCK_BYTES } from '../limits.ts';
import type { Layout } from '../tiff/layout.ts';
import { completeJpeg, jpegFrame } from './jpeg-stream.ts';
import { decodeLerc } from './lerc.ts';
import { decodePicture } from './picture.ts';
import { atLeast, type BlockContext, decodePlain, decompress, freeNow, isPlain } from './plain.ts';
import { toHostOrder, undoFloatingPoint, undoHorizontal } from './predictor.ts';
import { halfToFloat, unpackBits, widen24 } from './unpack.ts';

/** Bytes of one sample as `decodeBlock` gives it: the layout's type, float16 widened to float32. */
export function sampleBytesOf(layout: Layout): number {
  if (layout.dtype === 'float16') return 4;
  return layout.bits <= 8 ? 1 : layout.bits <= 16 ? 2 : layout.bits <= 32 ? 4 : layout.bits / 8;
}

/** Codecs whose output is samples already: no predictor, byte order or packing of the file applies. */
async function decodeSamples(
  input: Uint8Array,
  layout: Layout,
  rows: number,
): Promise<Uint8Array | undefined> {
  const { compression, blockWidth: width, blockSamples: channels } = layout;
  if (compression === 34887) {
    const sampleBytes = layout.bits / 8;
    return await decodeLerc(input, layout.lercAdded, { width, height: rows, depth: channels, sampleBytes });
  }
  if (compression !== 7 && compression !== 50001) return undefined;
  const format = compression === 7 ? 'jpeg' : 'webp';
  const isGrey = channels === 1;
  if (layout.dtype !== 'uint8' || layout.bits !== 8 || !(isGrey || channels === 3 || channels === 4)) {
    throw new SwathError(
      'Unsupported',
      `${format} compression with ${channels} samples of ${layout.bits} bits in a block`,
    );
  }
  if (format === 'webp')
    return await decodePicture(format, input, { width, height: layout.blockHeight, channels });
  if (channels === 4) throw new SwathError('Unsupported', 'jpeg compression with 4 samples in a block');
  const jpeg = completeJpeg(layout.jpegTables, input, layout.photometric === 6 ? 'ycbcr' : 'as-stored');
  const frame = jpegFrame(jpeg);
  if (frame.precision !== 8)
    throw new SwathError('Unsupported', `jpeg compression of ${frame.precision} bits`);
  if (frame.components !== channels || frame.width !== width || frame.height > layout.blockHeight) {
    throw new SwathError(
      'Corrupt',
      `the jpeg block is ${frame.width} x ${frame.height} x ${frame.components}, it must be ${width} x ${layout.blockHeight} x ${channels}`,
    );
  }
  return await decodePicture(format, jpeg, { width, height: layout.blockHeight, channels });
}

/** The first `length` bytes on a buffer of their own, so that wider views are aligned and nothing is shared. */
function owned(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const wanted = atLeast(bytes, length);
  const out = new Uint8Array(length);
  out.set(wanted);
  return out;
}

/** The same of what `stored` decompressed to: without a copy where it is a buffer of its own, which is freed otherwise. */
function ownedFrom(stored: Uint8Array, fresh: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const { buffer } = fresh;
  if (buffer === stored.buffer) return owned(fresh, length);
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length && fresh.length === length) {
    return new Uint8Array(buffer);
  }
  try {
    return owned(fresh, length);
  } finally {
    freeNow(fresh);
  }
}

const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

let shared: KernelSpace | undefined;

/** Decodes a plain block with the kernels, in memory that this thread keeps for it; the result is a copy. */
function decodeWithKernels(stored: Uint8Array, layout: Layout, context: BlockContext): Uint8Array {
  shared ??= createKernelSpace();
  const mark = shared.mark();
  const length = context.rows * layout.rowBytes;
  const at = shared.take(length);
  try {
    decodePlain(stored, layout, context, shared, at);
    return shared.bytes(at, length).slice();
  } finally {
    shared.release(mark);
  }
}

/**
 * One block as samples in the host's byte order, row by row, `blockSamples` per pixel, `sampleBytesOf` bytes each.
 * @throws SwathError Corrupt when the block decodes short, long or not at all; Unsupported, naming the feature.
 */
export async function decodeBlock(
  stored: Uint8Array,
  layout: Layout,
  context: BlockContext,
): Promise<Uint8Array> {
  const { rows, order } = context;
  const { bits, rowBytes } = layout;
  if (layout.format >= 5) throw new SwathError('Unsupported', `reading ${layout.dtype} samples`);
  const rowSamples = layout.blockWidth * layout.blockSamples;
  const samples = await decodeSamples(stored, layout, rows);
  if (samples !== undefined) return owned(samples, rows * rowSamples * sampleBytesOf(layout));
  if (isPlain(layout) && layout.predictor !== 1 && rows * rowBytes <= KERNEL_BLOCK_BYTES) {
    return decodeWithKernels(stored, layout, context);
  }
  const bytes = ownedFrom(stored, decompress(stored, layout), rows * rowBytes);
  if (bits === 24) return bytesOf(widen24(bytes));
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) {
    return bytesOf(unpackBits(bytes, bits, { rows, rowSamples, rowBytes }));
  }
  const sampleBytes = bits / 8;
  const shape = { rows, rowSamples, stride: layout.blockSamples };
  if (layout.predictor === 3) {
    undoFloatingPoint(bytes, sampleBytes, shape);
  } else {
    toHostOrder(bytes, sampleBytes, order);
    if (layout.predictor === 2) undoHorizontal(words(bytes, sampleBytes), shape);
  }
  return layout.dtype === 'float16' ? bytesOf(halfToFloat(new Uint16Array(bytes.buffer))) : bytes;
}

function words(
  bytes: Uint8Array<ArrayBuffer>,
  sampleBytes: number,
): Uint8Array | Uint16Array | Uint32Array | BigUint64Array {
  if (sampleBytes === 1) return bytes;
  if (sampleBytes === 2) return new Uint16Array(bytes.buffer);
  return sampleBytes === 4 ? new Uint32Array(bytes.buffer) : new BigUint64Array(bytes.buffer);
}

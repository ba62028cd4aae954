import { inflate } from 'node:zlib';
import { streamFailure, streamOptions } from '../codec/inflate.ts';
import type { Layout } from './layout.ts';

/** A block as it came, or inflated already, and the layout by which the rest of its decoding goes. */
export interface EarlyBlock {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
}

const DEFLATE = new Set([8, 32946]);

/**
 * Inflates a deflate block in Node's thread pool, so that blocks of one window are inflated beside each other and while others
 * are still on their way; any other block is given back as it is. What is left is what an uncompressed block needs (predictor,
 * byte order). Blocks of local files are better inflated where they are decoded: nothing else would be done meanwhile.
 * @throws SwathError Corrupt.
 */
export async function inflateEarly(stored: Uint8Array, layout: Layout): Promise<EarlyBlock> {
  if (!DEFLATE.has(layout.compression) || layout.mirrored) return { bytes: stored, layout };
  const capacity = layout.blockBytes;
  // One piece of output, so that one task of the pool does it all.
  const options = streamOptions(stored, capacity);
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    inflate(stored, options, (error, result) =>
      error === null ? resolve(result) : reject(streamFailure('deflate', capacity, error)),
    );
  });
  return { bytes, layout: { ...layout, compression: 1 } };
}

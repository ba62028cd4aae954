import { inflateSync, type ZlibOptions, type ZstdOptions, zstdDecompressSync } from 'node:zlib';
import { SwathError } from '@swath/core';
import { DECODED_RATIO_MAX } from '../limits.ts';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What an error of zlib says of a stream of at most `capacity` decoded bytes. */
export function streamFailure(what: string, capacity: number, cause: unknown): SwathError {
  const code = codeOf(cause);
  const why =
    code === 'ERR_BUFFER_TOO_LARGE'
      ? `decodes to more than ${capacity} bytes`
      : `is broken (${code || 'unknown'})`;
  return new SwathError('Corrupt', `the ${what} stream ${why}`, { cause });
}

function bounded(what: string, capacity: number, run: () => Uint8Array): Uint8Array {
  try {
    return run();
  } catch (cause) {
    throw streamFailure(what, capacity, cause);
  }
}

/**
 * For streams of at most `capacity` decoded bytes. Zlib allocates once, and takes more pieces when a stream fills the first: zstd
 * knows no bound.
 */
export function streamOptions(input: Uint8Array, capacity: number): ZlibOptions & ZstdOptions {
  const piece = Math.min(capacity + 1, DECODED_RATIO_MAX.deflate * input.length);
  return { maxOutputLength: capacity, chunkSize: Math.max(64, piece) };
}

/** A zlib stream (RFC 1950) of at most `capacity` decoded bytes. */
export function decodeDeflate(input: Uint8Array, capacity: number): Uint8Array {
  return bounded('deflate', capacity, () => inflateSync(input, streamOptions(input, capacity)));
}

/** One zstd frame (RFC 8878) of at most `capacity` decoded bytes. */
export function decodeZstd(input: Uint8Array, capacity: number): Uint8Array {
  return bounded('zstd', capacity, () => zstdDecompressSync(input, streamOptions(input, capacity)));
}

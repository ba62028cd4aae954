import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { SwathError } from '@swath/core';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function bounded(what: string, capacity: number, run: () => Uint8Array): Uint8Array {
  try {
    return run();
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') {
      throw new SwathError('Corrupt', `the ${what} stream decodes to more than ${capacity} bytes`, { cause });
    }
    throw new SwathError('Corrupt', `the ${what} stream is broken (${codeOf(cause) || 'unknown'})`, {
      cause,
    });
  }
}

/** A zlib stream (RFC 1950) of at most `capacity` decoded bytes. chunkSize = capacity makes zlib allocate once. */
export function decodeDeflate(input: Uint8Array, capacity: number): Uint8Array {
  const options = { maxOutputLength: capacity, chunkSize: Math.max(64, capacity + 1) };
  return bounded('deflate', capacity, () => inflateSync(input, options));
}

/** One zstd frame (RFC 8878) of at most `capacity` decoded bytes. */
export function decodeZstd(input: Uint8Array, capacity: number): Uint8Array {
  const options = { maxOutputLength: capacity, chunkSize: Math.max(64, capacity + 1) };
  return bounded('zstd', capacity, () => zstdDecompressSync(input, options));
}

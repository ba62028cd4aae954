import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { SwathError } from '@swath/core';

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

import { createHash } from 'node:crypto';
import type { Outcome } from './read.ts';

/** What we read of a file, for another reader to be held against. */
export interface Expectation {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  /** GDAL's name of the type we present. */
  readonly type: string;
  /** sha256 over the little-endian samples of the top left window of each band of each level that reads. */
  readonly windows: readonly {
    readonly level: number;
    readonly band: number;
    readonly width: number;
    readonly height: number;
    readonly sha256: string;
  }[];
}

/** GDAL 3.6 has no Int8 (it says Byte and keeps the bits) and widens float16. */
const gdalTypes: Readonly<Record<string, string>> = {
  uint8: 'Byte',
  int8: 'Byte',
  uint16: 'UInt16',
  int16: 'Int16',
  uint32: 'UInt32',
  int32: 'Int32',
  uint64: 'UInt64',
  int64: 'Int64',
  float16: 'Float32',
  float32: 'Float32',
  float64: 'Float64',
};

/** Undefined when no window could be read: then there is nothing to compare. */
export function expectation(outcome: Outcome): Expectation | undefined {
  if (outcome.kind !== 'image') return undefined;
  const windows = outcome.reads.flatMap(({ level, band, width, height, data }) => {
    if (data === undefined || level > 0) return [];
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [{ level, band, width, height, sha256: createHash('sha256').update(bytes).digest('hex') }];
  });
  const { width, height, bands, dtype } = outcome.info;
  const type = gdalTypes[dtype];
  if (windows.length === 0 || type === undefined) return undefined;
  return { width, height, bands: bands.length, type, windows };
}

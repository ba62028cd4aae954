import type { StoredType } from '../process/work.ts';
import type { DnPlane } from '../stats/oracle.fixture.ts';

/** Planes of one tile, cut at the edge of the image. */
export interface TilePlanes {
  readonly width: number;
  readonly height: number;
  /** One per band, row-major, NaN = nodata. */
  readonly planes: readonly DnPlane[];
}

/**
 * Bytes of one tile before compression: samples pixel-interleaved, little-endian, padded with nodata to
 * `blockSize` x `blockSize`, and predicted (TIFF 6.0 section 14 for integers, TIFF Technical Note 3 for floats).
 */
export function tileBytes(tile: TilePlanes, blockSize: number, stored: StoredType): Uint8Array {
  const bands = tile.planes.length;
  const samples = samplesOf(stored.dtype, blockSize * blockSize * bands);
  const nodata = stored.nodata === 'nan' ? Number.NaN : stored.nodata;
  samples.fill(nodata);
  for (let band = 0; band < bands; band++) {
    const plane = tile.planes[band]!;
    for (let y = 0; y < tile.height; y++) {
      let from = y * tile.width;
      let to = y * blockSize * bands + band;
      for (let x = 0; x < tile.width; x++, from++, to += bands) {
        const dn = plane[from]!;
        if (!Number.isNaN(dn)) samples[to] = dn;
      }
    }
  }
  const bytes = new Uint8Array(samples.buffer);
  if (stored.dtype === 'float32') return predictFloats(bytes, blockSize, bands);
  predictIntegers(samples, blockSize, bands);
  return bytes;
}

type TileSamples = Uint8Array | Uint16Array | Int16Array | Int32Array | Float32Array;

function samplesOf(dtype: StoredType['dtype'], length: number): TileSamples {
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'float32':
      return new Float32Array(length);
  }
}

/** Predictor 2, in place: each sample minus the same band's sample one pixel to the left, wrapping round. */
function predictIntegers(samples: TileSamples, blockSize: number, bands: number): void {
  const rowSamples = blockSize * bands;
  for (let row = 0; row < samples.length; row += rowSamples) {
    for (let i = row + rowSamples - 1; i >= row + bands; i--) samples[i] = samples[i]! - samples[i - bands]!;
  }
}

/** Predictor 3: bytes of a row sorted into planes, most significant first, then differences along the row. */
function predictFloats(bytes: Uint8Array, blockSize: number, bands: number): Uint8Array {
  const rowSamples = blockSize * bands;
  const rowBytes = rowSamples * 4;
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < bytes.length; row += rowBytes) {
    for (let i = 0, from = row, to = row; i < rowSamples; i++, from += 4, to++) {
      out[to] = bytes[from + 3]!;
      out[to + rowSamples] = bytes[from + 2]!;
      out[to + 2 * rowSamples] = bytes[from + 1]!;
      out[to + 3 * rowSamples] = bytes[from]!;
    }
    for (let i = row + rowBytes - 1; i >= row + bands; i--) out[i] = out[i]! - out[i - bands]!;
  }
  return out;
}

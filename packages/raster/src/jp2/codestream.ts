import { SwathError } from '@swath/core';
import { MAX_JP2_COMPONENTS, MAX_JP2_SAMPLES, MAX_JP2_TILE_COMPONENTS, MAX_JP2_TILES } from '../limits.ts';

/** The SIZ marker segment (ISO/IEC 15444-1, A.5.1), checked against the limits. */
export interface CodestreamSize {
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly components: number;
  /** Bits per sample, equal for all components. */
  readonly bits: number;
  readonly signed: boolean;
}

/** @throws SwathError Corrupt, LimitExceeded, Unsupported. */
export function readSize(codestream: Uint8Array, name: string): CodestreamSize {
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  if (view.byteLength < 43 || view.getUint32(0) !== 0xff4fff51) {
    throw new SwathError('Corrupt', `${name}: the codestream does not begin with SOC and SIZ`);
  }
  const [right, bottom, left, top] = [
    view.getUint32(8),
    view.getUint32(12),
    view.getUint32(16),
    view.getUint32(20),
  ];
  const width = right - left;
  const height = bottom - top;
  const components = view.getUint16(40);
  if (width < 1 || height < 1 || components < 1) {
    throw new SwathError('Corrupt', `${name}: the codestream is ${width} x ${height} x ${components}`);
  }
  if (components > MAX_JP2_COMPONENTS) {
    throw new SwathError(
      'LimitExceeded',
      `${name}: ${components} JPEG 2000 components, the limit is ${MAX_JP2_COMPONENTS}`,
    );
  }
  if (width * height * components > MAX_JP2_SAMPLES) {
    throw new SwathError(
      'LimitExceeded',
      `${name}: ${width} x ${height} x ${components} JPEG 2000 samples, the limit is ${MAX_JP2_SAMPLES} because the image is decoded whole`,
      { fix: 'Use the Cloud Optimized GeoTIFF of this scene.' },
    );
  }
  const tileWidth = view.getUint32(24);
  const tileHeight = view.getUint32(28);
  if (tileWidth === 0 || tileHeight === 0) {
    throw new SwathError('Corrupt', `${name}: the JPEG 2000 tiles are ${tileWidth} x ${tileHeight}`);
  }
  // Counted from the reference grid's origin: the tiles' own offsets can only take some away.
  const tiles = Math.ceil(right / tileWidth) * Math.ceil(bottom / tileHeight);
  if (tiles > MAX_JP2_TILES || tiles * components > MAX_JP2_TILE_COMPONENTS) {
    throw new SwathError(
      'LimitExceeded',
      `${name}: ${tiles} JPEG 2000 tiles of ${components} components, the limits are ${MAX_JP2_TILES} tiles and ${MAX_JP2_TILE_COMPONENTS} tile components`,
    );
  }
  if (view.byteLength < 42 + 3 * components) {
    throw new SwathError('Corrupt', `${name}: SIZ ends before its ${components} components`);
  }
  const depth = view.getUint8(42);
  for (let component = 0; component < components; component++) {
    const at = 42 + 3 * component;
    if (view.getUint8(at) !== depth) {
      throw new SwathError('Unsupported', `${name}: JPEG 2000 components of different depth`);
    }
    if (view.getUint8(at + 1) !== 1 || view.getUint8(at + 2) !== 1) {
      throw new SwathError('Unsupported', `${name}: subsampled JPEG 2000 components`);
    }
  }
  const bits = (depth & 127) + 1;
  if (bits > 16) throw new SwathError('Unsupported', `${name}: JPEG 2000 samples of ${bits} bits`);
  return {
    width,
    height,
    tileWidth: Math.min(tileWidth, width),
    tileHeight: Math.min(tileHeight, height),
    components,
    bits,
    signed: (depth & 128) !== 0,
  };
}

import { createHash, type Hash } from 'node:crypto';
import type { CrsId } from '@swath/geo';
import type { OpenImage, RasterImage, Samples, SampleType } from './image.ts';
import { INFO_SLICE_BYTES } from './limits.ts';

/** Of one band at full resolution, all pixels, nodata included; NaN is left out of the numbers (not of the hash). */
export interface BandChecksum {
  /** 1-based. */
  readonly band: number;
  /** Over the samples, row by row, little-endian, in the image's own type (float16 as float32). 64 hex digits. */
  readonly sha256: string;
  /** null when every sample is NaN. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
}

/** One line of `swath raster info FILE --json`. */
export interface RasterInfoJson {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Number of bands. */
  readonly bands: number;
  readonly dtype: SampleType;
  readonly crs: CrsId | null;
  /** GDAL's order, 6 numbers. */
  readonly geotransform: readonly number[] | null;
  readonly nodata: number | 'nan' | null;
  readonly block: readonly [width: number, height: number];
  readonly overviews: readonly (readonly [width: number, height: number])[];
  readonly compression: string;
  readonly checksums?: readonly BandChecksum[];
}

interface Running {
  readonly hash: Hash;
  min: number;
  max: number;
  sum: number;
  count: number;
}

/** Adds samples; 64-bit integers lose precision in the numbers, not in the hash. */
function add(running: Running, data: Samples): void {
  let { min, max, sum, count } = running;
  for (let at = 0; at < data.length; at++) {
    const value = Number(data[at]);
    if (value < min) min = value;
    if (value > max) max = value;
    if (!Number.isNaN(value)) {
      sum += value;
      count++;
    }
  }
  Object.assign(running, { min, max, sum, count });
}

/** Typed arrays are little-endian on every machine Node runs on but s390x; there the bytes are reversed. */
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function littleEndianBytes(data: Samples): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (isLittleEndian || data.BYTES_PER_ELEMENT === 1) return bytes;
  const out = Buffer.from(bytes);
  if (data.BYTES_PER_ELEMENT === 2) return out.swap16();
  return data.BYTES_PER_ELEMENT === 4 ? out.swap32() : out.swap64();
}

async function checksums(image: RasterImage): Promise<BandChecksum[]> {
  const { width, height, bands, levels } = image.info;
  const blockHeight = levels[0]?.blockHeight ?? 1;
  const rowsThatFit = Math.max(1, Math.floor(INFO_SLICE_BYTES / (width * 8)));
  const step = Math.min(blockHeight, rowsThatFit);
  const running: Running[] = bands.map(() => ({
    hash: createHash('sha256'),
    min: Infinity,
    max: -Infinity,
    sum: 0,
    count: 0,
  }));
  for (let y = 0; y < height; ) {
    // Slices end at block rows, so that no block is decoded for two of them.
    const rows = Math.min(step, blockHeight - (y % blockHeight), height - y);
    for (const [index, state] of running.entries()) {
      const window = { x: 0, y, width, height: rows };
      const { data } = await image.readWindow({ band: index + 1, level: 0, window });
      state.hash.update(littleEndianBytes(data));
      add(state, data);
    }
    y += rows;
  }
  return running.map((state, index) => ({
    band: index + 1,
    sha256: state.hash.digest('hex'),
    min: state.count > 0 ? state.min : null,
    max: state.count > 0 ? state.max : null,
    mean: state.count > 0 ? state.sum / state.count : null,
  }));
}

/**
 * Header facts of an image and, when asked, checksums of its pixels, read by block rows (32 MiB of one band at a time).
 * @throws SwathError of the opener and of reading.
 */
export async function rasterInfo(
  href: string,
  open: OpenImage,
  options: { readonly checksum: boolean },
): Promise<RasterInfoJson> {
  const image = await open(href);
  try {
    const { info } = image;
    const [full, ...overviews] = info.levels;
    return {
      file: href,
      width: info.width,
      height: info.height,
      bands: info.bands.length,
      dtype: info.dtype,
      crs: info.crs,
      geotransform: info.geotransform,
      nodata: info.nodata,
      block: [full?.blockWidth ?? info.width, full?.blockHeight ?? info.height],
      overviews: overviews.map((level) => [level.width, level.height]),
      compression: info.compression,
      ...(options.checksum ? { checksums: await checksums(image) } : {}),
    };
  } finally {
    await image.close();
  }
}

import { SwathError } from '@swath/core';
import type { Grid, PixelWindow } from '@swath/geo';
import type { BandStatistics, StoredType } from '../process/work.ts';
import { BANDS_MAX, BLOCK_SIZE_MAX, BLOCK_SIZE_STEP, SIDE_MAX, TILES_MAX, UNIT_BYTES_MAX } from './limits.ts';
import { BYTES_PER_SAMPLE } from './samples.ts';
import { UNIT_BLOCKS } from './units.ts';

export interface CogBand {
  /** Becomes the band's description. */
  readonly name: string;
  /** Same dtype and nodata for all bands; scale and offset may differ. */
  readonly stored: StoredType;
}

export interface CogSpec {
  readonly grid: Grid;
  readonly bands: readonly CogBand[];
  /** Side of a tile in pixels, a multiple of 16. @default 512 */
  readonly blockSize?: number;
  /** Halve until both sides fit one tile. False for chunk files that are read once and thrown away. */
  readonly overviews: boolean;
  /** Items of GDAL's default metadata domain. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CogReport {
  readonly sizeBytes: number;
  /** Lower-case hex sha256 of the whole file. */
  readonly sha256: string;
  /** Per band, of the values a reader sees. */
  readonly statistics: readonly BandStatistics[];
}

/** One plane per band of the spec, row-major over the window, NaN = nodata. Called once per pixel of the grid. */
export type ReadPlanes = (window: PixelWindow) => Promise<readonly Float32Array[]>;

export const DEFAULT_BLOCK_SIZE = 512;

function refuse(message: string, fix: string): never {
  throw new SwathError('InvalidInput', message, { fix });
}

/** @throws SwathError InvalidInput, LimitExceeded. */
export function checkSpec(spec: CogSpec): void {
  const { grid, bands } = spec;
  const blockSize = spec.blockSize ?? DEFAULT_BLOCK_SIZE;
  for (const side of [grid.width, grid.height]) {
    if (!Number.isInteger(side) || side < 1 || side > SIDE_MAX) {
      refuse(
        `A raster of ${grid.width} x ${grid.height} pixels cannot be written.`,
        'Give sides of 1 to 2^31-1.',
      );
    }
  }
  if (!Number.isInteger(blockSize) || blockSize % BLOCK_SIZE_STEP !== 0 || blockSize < BLOCK_SIZE_STEP) {
    refuse(`Block size ${blockSize} is not a multiple of ${BLOCK_SIZE_STEP}.`, 'Use 256, 512 or 1024.');
  }
  if (blockSize > BLOCK_SIZE_MAX) {
    throw new SwathError('LimitExceeded', `Block size ${blockSize} is above ${BLOCK_SIZE_MAX}.`);
  }
  const tiles = Math.ceil(grid.width / blockSize) * Math.ceil(grid.height / blockSize);
  if (tiles > TILES_MAX) throw new SwathError('LimitExceeded', `${tiles} tiles are more than ${TILES_MAX}.`);
  checkBands(bands);
  checkUnit(bands, blockSize);
}

/** What {@link UNIT_BYTES_MAX} bounds: samples, their averages, and those stored for the first overview. */
function checkUnit(bands: readonly CogBand[], blockSize: number): void {
  const dtype = bands[0]?.stored.dtype ?? 'uint8';
  const sampleBytes = BYTES_PER_SAMPLE[dtype];
  const averageBytes = dtype === 'int32' ? 8 : 4;
  const pixelBytes = sampleBytes + sampleBytes / 4 + averageBytes / 4 + averageBytes / 16;
  const unitBytes = bands.length * (UNIT_BLOCKS * blockSize) ** 2 * pixelBytes;
  if (unitBytes <= UNIT_BYTES_MAX) return;
  throw new SwathError(
    'LimitExceeded',
    `${bands.length} bands of ${dtype} in blocks of ${blockSize} take ${unitBytes} bytes at once, more than ${UNIT_BYTES_MAX}.`,
    { fix: 'Write fewer bands to one file, or smaller blocks.' },
  );
}

function checkBands(bands: readonly CogBand[]): void {
  const first = bands[0];
  if (first === undefined) refuse('A raster needs at least one band.', 'Name one.');
  if (bands.length > BANDS_MAX) {
    throw new SwathError('LimitExceeded', `${bands.length} bands are more than ${BANDS_MAX}.`);
  }
  for (const { name, stored } of bands) {
    if (stored.dtype !== first.stored.dtype || stored.nodata !== first.stored.nodata) {
      refuse(`Band ${name} differs from ${first.name} in dtype or nodata.`, 'TIFF has one of each per file.');
    }
    if (!Number.isFinite(stored.scale) || stored.scale === 0 || !Number.isFinite(stored.offset)) {
      refuse(
        `Band ${name} has scale ${stored.scale} and offset ${stored.offset}.`,
        'Give finite numbers, scale not 0.',
      );
    }
    if (stored.dtype === 'float32' && (stored.scale !== 1 || stored.offset !== 0)) {
      refuse(`Band ${name} is float32 with a scale.`, 'float32 stores the value itself: scale 1, offset 0.');
    }
    checkNodata(name, stored);
  }
}

/** Smallest and largest digital number of each integer type. */
export const INTEGER_RANGE: Readonly<
  Record<Exclude<StoredType['dtype'], 'float32'>, readonly [number, number]>
> = {
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

function checkNodata(name: string, { dtype, nodata }: StoredType): void {
  if (dtype === 'float32') {
    if (nodata === 'nan' || Math.fround(nodata) === nodata) return;
    refuse(`Nodata ${nodata} of band ${name} is not a single-precision number.`, 'Use "nan" or -9999.');
  }
  const [min, max] = INTEGER_RANGE[dtype];
  if (nodata === 'nan' || !Number.isInteger(nodata) || nodata < min || nodata > max) {
    refuse(
      `Nodata ${nodata} of band ${name} does not fit ${dtype}.`,
      `Use a whole number from ${min} to ${max}.`,
    );
  }
}

import { isSwathError } from '@swath/core';
import { type Footprint, type Grid, gridFootprintWgs84, parseCrs } from '@swath/geo';
import type { RasterInfo } from '@swath/raster';
import { openerOver } from '@swath/raster/open-located';
import type { UploadSpec } from '../spec.ts';
import { decodeAll } from './decode.ts';
import type { Moments } from './moments.ts';
import { hashOf, type Quarantined, sourceOf } from './quarantined.ts';
import { Refused } from './refused.ts';

/** What a check found out about a file that is taken. */
export interface FileFacts {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly info: RasterInfo;
  readonly grid: Grid;
  readonly footprint: Footprint;
  readonly nodata: number | 'nan' | null;
  /** By band, of the digital numbers. */
  readonly moments: readonly Moments[];
  /** For people. */
  readonly notes: readonly string[];
}

/**
 * Opens a file by our own reader, bounded by its limits, and looks at all of it.
 * @throws Refused, and the reader's Corrupt, Unsupported and LimitExceeded, when the file is not taken; others when it
 *   could not be told.
 */
export async function inspect(
  file: Quarantined,
  spec: UploadSpec,
  checkTime: () => void,
): Promise<FileFacts> {
  const sha256 = await hashOf(file, spec.sha256, checkTime);
  await requireTiff(file);
  const open = openerOver(async () => ({ kind: 'source', source: sourceOf(file, 'The file') }));
  const image = await open('upload:');
  try {
    const { info } = image;
    const grid = gridOf(info);
    const footprint = footprintOf(grid);
    requireBands(info, spec);
    const nodata = spec.nodata ?? info.nodata;
    requireNodata(info, spec);
    const moments = await decodeAll(image, nodata, checkTime);
    if (moments.every(({ count }) => count === 0)) {
      throw new Refused('NO_VALID_PIXELS', 'No pixel of the file is valid.');
    }
    const notes = notesOf(info, nodata);
    return { sha256, sizeBytes: file.sizeBytes, info, grid, footprint, nodata, moments, notes };
  } finally {
    await image.close();
  }
}

/** By its first bytes: nothing is guessed from names, and no other format is tried. */
async function requireTiff(file: Quarantined): Promise<void> {
  const head = Buffer.from(await file.objects.getRange(file.key, 0, Math.min(16, file.sizeBytes)));
  const order = head.toString('latin1', 0, 2);
  const magic = order === 'II' ? head.readUInt16LE : head.readUInt16BE;
  const isTiff = head.length >= 8 && /^(II|MM)$/.test(order) && [42, 43].includes(magic.call(head, 2));
  if (isTiff) return;
  const begins = JSON.stringify(head.toString('latin1'));
  throw new Refused('NOT_A_TIFF', `The file begins with ${begins}, which no TIFF does.`);
}

function gridOf({ crs, geotransform, width, height }: RasterInfo): Grid {
  if (crs === null || geotransform === null) {
    const lacks = [
      ...(crs === null ? ['no CRS'] : []),
      ...(geotransform === null ? ['no geotransform'] : []),
    ];
    throw new Refused('NO_GEOREFERENCE', `The file has ${lacks.join(' and ')}.`);
  }
  const [, a, b, , c, d] = geotransform;
  if (!geotransform.every(Number.isFinite) || a * d - b * c === 0) {
    throw new Refused('BAD_GEOREFERENCE', `The geotransform ${geotransform.join(', ')} maps no area.`);
  }
  return { crs: badIfInvalid(() => parseCrs(crs)), geotransform, width, height };
}

function footprintOf(grid: Grid): Footprint {
  const footprint = badIfInvalid(() => gridFootprintWgs84(grid));
  const [west, south, east, north] = footprint.bbox;
  if (
    !footprint.bbox.every(Number.isFinite) ||
    south >= north ||
    west === east ||
    south < -90 ||
    north > 90
  ) {
    throw new Refused('BAD_GEOREFERENCE', `The file would lie at ${footprint.bbox.join(', ')} degrees.`);
  }
  return footprint;
}

function badIfInvalid<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (isSwathError(error, 'InvalidInput') || isSwathError(error, 'Unsupported')) {
      throw new Refused('BAD_GEOREFERENCE', error.message);
    }
    throw error;
  }
}

function requireBands({ bands }: RasterInfo, spec: UploadSpec): void {
  if (spec.bands === undefined || spec.bands.length === bands.length) return;
  throw new Refused('BANDS_MISMATCH', `The file has ${bands.length} bands, ${spec.bands.length} were named.`);
}

/** Least and most of the integer types; a nodata value outside marks nothing, and somebody meant it to. */
const ranges: Readonly<Partial<Record<RasterInfo['dtype'], readonly [number, number]>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

function requireNodata({ dtype }: RasterInfo, { nodata }: UploadSpec): void {
  const range = ranges[dtype];
  if (nodata === undefined || range === undefined) return;
  const fits = nodata !== 'nan' && Number.isInteger(nodata) && nodata >= range[0] && nodata <= range[1];
  if (!fits) throw new Refused('BAD_NODATA', `A sample of type ${dtype} cannot be ${nodata}.`);
}

function notesOf({ levels, dtype }: RasterInfo, nodata: number | 'nan' | null): readonly string[] {
  const [full] = levels;
  const notes: string[] = [];
  if (full !== undefined && levels.length === 1 && Math.max(full.width, full.height) > 1024) {
    notes.push('The file has no overviews: coarse requests and pictures read all of it. A COG is faster.');
  }
  if (full !== undefined && full.blockWidth === full.width && full.width > 1024) {
    notes.push('The file is stored in strips: a small area reads whole rows. A COG is faster.');
  }
  if (nodata === null && !dtype.startsWith('float')) {
    notes.push('Neither the file nor the upload says which value is nodata: every pixel counts.');
  }
  return notes;
}

import type { Geotransform } from '@swath/geo';
import type { BandStatistics, StoredType } from '../process/work.ts';
import { gdalMetadata } from './gdal-metadata.ts';
import { geoKeyTags } from './geokeys.ts';
import type { PyramidLevel } from './pyramid.ts';
import { BYTES_PER_SAMPLE } from './samples.ts';
import type { CogSpec } from './spec.ts';
import type { Tag } from './tags.ts';

/** Place of each tile of a level in the file, row-major. */
export interface TileTable {
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}

const SAMPLE_FORMAT: Readonly<Record<StoredType['dtype'], 1 | 2 | 3>> = {
  uint8: 1,
  uint16: 1,
  int16: 2,
  int32: 2,
  float32: 3,
};

/**
 * Fields of every directory: full resolution first, then overviews, largest first. Georeference and metadata stand
 * in the first alone, nodata in all, as GDAL has it.
 */
export function directoriesOf(
  spec: CogSpec,
  blockSize: number,
  levels: readonly PyramidLevel[],
  tables: readonly TileTable[],
  dnStatistics: readonly BandStatistics[],
): Tag[][] {
  return levels.map((level, i) => [
    ...layoutTags(spec, blockSize, level, tables[i]!),
    ...(i === 0
      ? [...geoTags(spec), { id: 42112, type: 'ascii' as const, text: gdalMetadata(spec, dnStatistics) }]
      : [{ id: 254, type: 'long' as const, values: [1] }]),
  ]);
}

function layoutTags(spec: CogSpec, blockSize: number, level: PyramidLevel, table: TileTable): Tag[] {
  const bands = spec.bands.length;
  const { dtype, nodata } = spec.bands[0]!.stored;
  const perBand = (value: number) => new Array<number>(bands).fill(value);
  const short = (id: number, ...values: number[]): Tag => ({ id, type: 'short', values });
  return [
    { id: 256, type: 'long', values: [level.width] },
    { id: 257, type: 'long', values: [level.height] },
    short(258, ...perBand(BYTES_PER_SAMPLE[dtype] * 8)),
    short(259, 8),
    short(262, 1),
    short(277, bands),
    short(284, 1),
    short(317, dtype === 'float32' ? 3 : 2),
    short(322, blockSize),
    short(323, blockSize),
    { id: 324, type: 'offset', values: table.offsets },
    { id: 325, type: 'long', values: Array.from(table.lengths) },
    ...(bands > 1 ? [short(338, ...perBand(0).slice(1))] : []),
    short(339, ...perBand(SAMPLE_FORMAT[dtype])),
    { id: 42113, type: 'ascii', text: nodata === 'nan' ? 'nan' : String(nodata) },
  ];
}

function geoTags(spec: CogSpec): Tag[] {
  const { directory, doubles, ascii } = geoKeyTags(spec.grid.crs);
  return [
    ...placeTags(spec.grid.geotransform),
    { id: 34735, type: 'short', values: directory },
    ...(doubles.length > 0 ? [{ id: 34736, type: 'double' as const, values: doubles }] : []),
    ...(ascii !== '' ? [{ id: 34737, type: 'ascii' as const, text: ascii }] : []),
  ];
}

/** Scale and tie point for a north-up grid, the full matrix for any other (GeoTIFF 1.1 section 6.4). */
function placeTags([
  originX,
  pixelWidth,
  rowRotation,
  originY,
  colRotation,
  pixelHeight,
]: Geotransform): Tag[] {
  if (rowRotation === 0 && colRotation === 0 && pixelWidth > 0 && pixelHeight < 0) {
    return [
      { id: 33550, type: 'double', values: [pixelWidth, -pixelHeight, 0] },
      { id: 33922, type: 'double', values: [0, 0, 0, originX, originY, 0] },
    ];
  }
  const rows = [
    [pixelWidth, rowRotation, 0, originX],
    [colRotation, pixelHeight, 0, originY],
    [0, 0, 0, 0],
    [0, 0, 0, 1],
  ];
  return [{ id: 34264, type: 'double', values: rows.flat() }];
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { gdalTool } from '../../../../test/support/gdal.ts';
import type { RasterImage } from '../image.ts';
import type { Resampling } from '../process/work.ts';
import { coarsenessOf, kernelScale } from './level.ts';
import { positionMap } from './positions.ts';
import { readOnGrid } from './read-on-grid.ts';

/** A grid of square pixels. Bounds are [minX, minY, maxX, maxY]. */
export function gridOver(
  crs: string,
  [minX, minY, maxX, maxY]: readonly [number, number, number, number],
  size: number,
): Grid {
  return {
    crs,
    geotransform: [minX, size, 0, maxY, 0, -size],
    width: Math.round((maxX - minX) / size),
    height: Math.round((maxY - minY) / size),
  };
}

/** Fields with sharp edges, noise, and holes, which are 0. */
export function fieldsAt(x: number, y: number): number {
  const hole = (x % 90) + (y % 70) < 12 || (x > 400 && x < 440 && y > 100 && y < 180);
  if (hole) return 0;
  const field = ((Math.floor(x / 23) * 31 + Math.floor(y / 17) * 57) % 11) * 250;
  return 400 + field + ((x * 7919 + y * 104729) % 97);
}

/** A GeoTIFF of {@link fieldsAt} with nodata 0, written by GDAL so that any CRS and geotransform can be given. */
export function writeFields(folder: string, name: string, grid: Grid): string {
  const { crs, geotransform, width, height } = grid;
  const pixels = Uint16Array.from({ length: width * height }, (_, i) =>
    fieldsAt(i % width, Math.floor(i / width)),
  );
  writeFileSync(join(folder, `${name}.raw`), pixels);
  writeFileSync(
    join(folder, `${name}.vrt`),
    `<VRTDataset rasterXSize="${width}" rasterYSize="${height}"><SRS>${crs}</SRS>
      <GeoTransform>${geotransform.join(', ')}</GeoTransform>
      <VRTRasterBand dataType="UInt16" band="1" subClass="VRTRawRasterBand"><NoDataValue>0</NoDataValue>
      <SourceFilename relativeToVRT="1">${name}.raw</SourceFilename><ByteOrder>LSB</ByteOrder>
      </VRTRasterBand></VRTDataset>`,
  );
  const file = join(folder, `${name}.tif`);
  gdalTool('gdal_translate', '-q', '-co', 'TILED=YES', join(folder, `${name}.vrt`), file);
  return file;
}

/** Singles of the grid by `gdalwarp -et 0`, 0 where invalid. */
function gdalwarp(image: RasterImage, folder: string, target: Grid, method: Resampling): Float32Array {
  const [x, w, , y, , h] = target.geotransform;
  const { crs, width, height } = target;
  const out = join(folder, 'warped.img');
  const name = method === 'nearest' ? 'near' : method;
  const bounds = [x, y + h * height, x + w * width, y].map(String);
  // GDAL derives the widening of its kernels from the chunk it happens to work on; ours comes from grid and image.
  const ratio = coarsenessOf(positionMap(target, 'source', image.info), target);
  const scale = kernelScale(ratio ?? { x: 1, y: 1 });
  const options = ['-q', '-overwrite', '-of', 'ENVI', '-ot', 'Float32', '-wt', 'Float32', '-et', '0'];
  // gdalwarp guesses which part of the source it needs, and near a pole misses some of it.
  const extra = ['-wo', 'SAMPLE_GRID=YES', '-wo', 'SOURCE_EXTRA=100'];
  gdalTool(
    'gdalwarp',
    ...[...options, ...extra, '-r', name, '-t_srs', crs, '-te', ...bounds, '-ts', `${width}`, `${height}`],
    ...['-wo', `XSCALE=${1 / scale.x}`, '-wo', `YSCALE=${1 / scale.y}`, '-dstnodata', '0', '-ovr', 'NONE'],
    ...[image.name, out],
  );
  const bytes = readFileSync(out);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

export interface Comparison {
  /** Share of pixels that are valid on one side alone. */
  readonly validity: number;
  /** Of the pixels valid on both, the share that differs at all, by more than one digital number, and the most. */
  readonly identical: number;
  readonly differ: number;
  readonly most: number;
  readonly both: number;
}

/** Our pixels beside gdalwarp's; `image.name` is the path of its file. */
export async function compareWithGdal(
  image: RasterImage,
  folder: string,
  target: Grid,
  resampling: Resampling,
): Promise<Comparison> {
  const window = { x: 0, y: 0, width: target.width, height: target.height };
  const nodata = image.info.nodata;
  const ours = await readOnGrid({ image, band: 1, grid: target, window, resampling, nodata, levels: 'full' });
  const theirs = gdalwarp(image, folder, target, resampling);
  let [validity, both, differ, identical, most] = [0, 0, 0, 0, 0];
  for (let i = 0; i < theirs.length; i++) {
    const valid = theirs[i] !== 0;
    if (valid !== (ours.valid[i] === 1)) validity++;
    if (!valid || ours.valid[i] === 0) continue;
    both++;
    const apart = Math.abs(ours.values[i]! - theirs[i]!);
    most = Math.max(most, apart);
    if (apart > 1) differ++;
    if (Math.round(ours.values[i]!) === Math.round(theirs[i]!)) identical++;
  }
  return {
    validity: validity / theirs.length,
    both,
    most,
    differ: differ / both,
    identical: identical / both,
  };
}

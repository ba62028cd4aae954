import { SwathError } from '@swath/core';
import type { Geotransform, Grid } from '@swath/geo';
import type { RasterImage } from '@swath/raster';
import type { AssetGrid, SceneAsset } from '@swath/stac';

/** What the file itself says about one asset, and where the Item says otherwise. */
export interface FileTruth {
  readonly grid: Grid;
  readonly nodata: number | 'nan' | null;
  readonly fileScale: number;
  readonly fileOffset: number;
  /** One sentence per difference. */
  readonly warnings: readonly string[];
}

/**
 * Compares an open file with its Item. The file wins; only a file without georeference borrows the Item's.
 *
 * @throws SwathError InvalidInput (no such band), Unsupported (no georeference anywhere).
 */
export function inspect(asset: SceneAsset, image: RasterImage): FileTruth {
  const { info } = image;
  const band = info.bands[asset.bandIndex - 1];
  if (band === undefined) {
    throw new SwathError(
      'InvalidInput',
      `Asset ${asset.key} asks for band ${asset.bandIndex} of a file with ${info.bands.length}.`,
      { fix: `Use bandIndex 1 to ${info.bands.length}.` },
    );
  }
  const warnings: string[] = [];
  const grid = gridOf(asset, image, warnings);
  if (asset.grid !== undefined) compareGrids(asset.grid, grid, warnings);
  if (asset.nodata !== undefined && info.nodata !== null && asset.nodata !== info.nodata) {
    warnings.push(`the Item says nodata ${asset.nodata}, the file says ${info.nodata}.`);
  }
  return { grid, nodata: info.nodata, fileScale: band.scale, fileOffset: band.offset, warnings };
}

function gridOf(asset: SceneAsset, { info }: RasterImage, warnings: string[]): Grid {
  const { width, height, crs, geotransform } = info;
  if (crs !== null && geotransform !== null) return { crs, geotransform, width, height };
  const stated = asset.grid;
  if (stated === undefined || stated.width !== width || stated.height !== height) {
    throw new SwathError(
      'Unsupported',
      `Asset ${asset.key} has no georeference (${crs === null ? 'no CRS' : 'no geotransform'}) and its Item states none for ${width} x ${height} pixels.`,
      { fix: 'Use a georeferenced product of this scene, or give proj:code and proj:transform in the Item.' },
    );
  }
  warnings.push(`the file has no georeference; the Item's is used.`);
  return { crs: crs ?? stated.crs, geotransform: geotransform ?? stated.geotransform, width, height };
}

function compareGrids(stated: AssetGrid, found: Grid, warnings: string[]): void {
  if (stated.width !== found.width || stated.height !== found.height) {
    warnings.push(
      `the Item says ${stated.width} x ${stated.height} pixels, the file has ${found.width} x ${found.height}.`,
    );
  }
  if (stated.crs !== found.crs) {
    warnings.push(`the Item says ${stated.crs}, the file says ${found.crs}.`);
  }
  if (!sameTransform(stated.geotransform, found.geotransform)) {
    warnings.push(
      `the Item says geotransform [${stated.geotransform.join(', ')}], the file says [${found.geotransform.join(', ')}].`,
    );
  }
}

/** Equal to a thousandth of a pixel: Items round what files hold as doubles. */
function sameTransform(a: Geotransform, b: Geotransform): boolean {
  const pixel = Math.max(Math.abs(b[1]), Math.abs(b[5]), Math.abs(b[2]), Math.abs(b[4]));
  return a.every((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) <= pixel / 1000);
}

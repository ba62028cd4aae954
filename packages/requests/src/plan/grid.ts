import { SwathError } from '@swath/core';
import {
  type Aoi,
  type Bounds,
  type CrsId,
  crsUnitM,
  type Grid,
  gridBounds,
  pixelSize,
  projectBbox,
  projectGeometryBounds,
  snapGrid,
} from '@swath/geo';
import type { RequestSpec } from '../spec.ts';
import { maxGridSide, maxProductPixels } from './limits.ts';

export interface GridQuestion {
  readonly spec: RequestSpec;
  readonly aoi: Aoi | null;
  /** Grids of the band assets (not of masks), by scene. At least one. */
  readonly scenes: readonly (readonly Grid[])[];
}

/**
 * The grid of all products of a request.
 *
 * `native`: CRS of most scenes' finest band, its pixel size, snapped to its own pixel edges. `grid.crs`, `resolution`
 * and `bounds` override each. Another CRS without `resolution` gets the native pixel size in metres over the metres of
 * its unit (at the equator, for degrees). Bounds given are kept: the corner is (minX, maxY), and as in gdalwarp's -te -tr
 * the size is rounded to whole pixels. The area is cut to what the scenes cover.
 *
 * @throws SwathError InvalidInput when area and scenes do not meet; LimitExceeded with the numbers.
 */
export function chooseGrid({ spec, aoi, scenes }: GridQuestion): Grid {
  const wish = spec.grid === 'native' ? {} : spec.grid;
  const native = nativeGrid(scenes, wish.crs);
  const crs = wish.crs ?? native.crs;
  const resolution = resolutionOf(native, crs, wish.resolution);
  if (wish.bounds !== undefined) return checked(boundedGrid(crs, resolution, wish.bounds));
  const covered = union(scenes.flat().map((grid) => projectBbox(gridBounds(grid), grid.crs, crs)));
  const area = aoi === null ? covered : intersection(projectGeometryBounds(aoi.geometry, crs), covered);
  if (area === null) {
    throw new SwathError('InvalidInput', 'The area does not meet any of the scenes.', {
      pointer: '/aoi',
      fix: 'Choose an area inside the imagery, or other items.',
    });
  }
  const sameGrid = crs === native.crs && wish.resolution === undefined;
  const aligned = crs === native.crs;
  const anchor = aligned ? ([native.geotransform[0], native.geotransform[3]] as const) : ([0, 0] as const);
  return checked(
    snapGrid({
      crs,
      resolution: sameGrid ? pixelSize(native.geotransform) : resolution,
      anchor,
      bounds: area,
    }),
  );
}

/** The finest grid in the CRS of most scenes (`preferred` when some scene has it); ties go to the first in code order. */
function nativeGrid(scenes: readonly (readonly Grid[])[], preferred: CrsId | undefined): Grid {
  const finest = scenes.flatMap((grids) => {
    const sorted = [...grids].sort((a, b) => pixelM(a) - pixelM(b));
    return sorted[0] === undefined ? [] : [sorted[0]];
  });
  const votes = new Map<CrsId, number>();
  for (const grid of finest) votes.set(grid.crs, (votes.get(grid.crs) ?? 0) + 1);
  const winner = [...votes].sort(
    ([a, countA], [b, countB]) =>
      Number(b === preferred) - Number(a === preferred) || countB - countA || (a < b ? -1 : 1),
  )[0]?.[0];
  const native = finest.filter((grid) => grid.crs === winner).sort((a, b) => pixelM(a) - pixelM(b))[0];
  if (native === undefined) throw new SwathError('Bug', 'a plan needs a scene with a georeference');
  return native;
}

/** Pixel width in metres. */
function pixelM(grid: Grid): number {
  return pixelSize(grid.geotransform)[0] * crsUnitM(grid.crs);
}

function resolutionOf(native: Grid, crs: CrsId, wish: number | undefined): readonly [number, number] {
  if (wish !== undefined) return [wish, wish];
  if (crs === native.crs) return pixelSize(native.geotransform);
  const size = pixelM(native) / crsUnitM(crs);
  return [size, size];
}

function boundedGrid(crs: CrsId, [width, height]: readonly [number, number], bounds: Bounds): Grid {
  const [minX, minY, maxX, maxY] = bounds;
  return {
    crs,
    geotransform: [minX, width, 0, maxY, 0, -height],
    width: Math.max(1, Math.round((maxX - minX) / width)),
    height: Math.max(1, Math.round((maxY - minY) / height)),
  };
}

function checked(grid: Grid): Grid {
  const pixels = grid.width * grid.height;
  if (grid.width <= maxGridSide && grid.height <= maxGridSide && pixels <= maxProductPixels) return grid;
  throw new SwathError(
    'LimitExceeded',
    `The result would have ${grid.width} x ${grid.height} pixels; the limit is ${maxProductPixels} pixels and ${maxGridSide} on a side.`,
    { pointer: '/grid/resolution', fix: 'Choose a smaller area or a coarser resolution.' },
  );
}

export function union(boxes: readonly Bounds[]): Bounds {
  return boxes.reduce((a, b) => [
    Math.min(a[0], b[0]),
    Math.min(a[1], b[1]),
    Math.max(a[2], b[2]),
    Math.max(a[3], b[3]),
  ]);
}

/** null when they share no area. */
export function intersection(a: Bounds, b: Bounds): Bounds | null {
  const box: Bounds = [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ];
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

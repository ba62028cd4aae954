import { SwathError } from '@swath/core';
import {
  type Aoi,
  crsUnitM,
  type Grid,
  gridBounds,
  pixelSize,
  projectBbox,
  projectGeometryBounds,
} from '@swath/geo';
import type { RequestSpec } from '../spec.ts';
import { intersection, union } from './grid.ts';

/** What web maps show: a picture in it lies on one without being turned. */
const MAP_CRS = 'EPSG:3857';

/**
 * The `grid` of a request whose results are so coarse that the longer side has about `maxSide` pixels, and never finer
 * than the imagery. In the request's own CRS where it names one, else in EPSG:3857.
 *
 * @throws SwathError InvalidInput when area and imagery do not meet.
 */
export function previewGridWish(
  spec: RequestSpec,
  aoi: Aoi | null,
  sources: readonly Grid[],
  maxSide: number,
): Exclude<RequestSpec['grid'], 'native'> {
  const wish = spec.grid === 'native' ? {} : spec.grid;
  const crs = wish.crs ?? MAP_CRS;
  const covered = union(sources.map((grid) => projectBbox(gridBounds(grid), grid.crs, crs)));
  const wanted = wish.bounds ?? (aoi === null ? covered : projectGeometryBounds(aoi.geometry, crs));
  const area = intersection(wanted, covered);
  if (area === null) {
    throw new SwathError('InvalidInput', 'The area does not meet any of the scenes.', {
      pointer: '/aoi',
      fix: 'Choose an area inside the imagery, or other items.',
    });
  }
  const finestM = Math.min(...sources.map((grid) => pixelSize(grid.geotransform)[0] * crsUnitM(grid.crs)));
  const span = Math.max(area[2] - area[0], area[3] - area[1]);
  // Snapping to whole pixels may add one at either end.
  const resolution = Math.max(span / Math.max(1, maxSide - 2), finestM / crsUnitM(crs));
  return { ...wish, crs, resolution };
}

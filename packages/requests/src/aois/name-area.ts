import { isSwathError, SwathError } from '@swath/core';
import type { RequestDeps } from '../deps.ts';
import { AOI_REFERENCE } from '../limits.ts';
import { getAoi } from './aois.ts';

/**
 * A request that names a stored area, with the area itself in its place: a GeoJSON Feature whose id is
 * `<area>@<version>`, so that what was meant stays known and never changes. Everything else passes as it is.
 * @throws SwathError NotFound with a pointer.
 */
export async function withNamedArea(
  deps: Pick<RequestDeps, 'table' | 'clock'>,
  project: string,
  body: unknown,
): Promise<unknown> {
  if (typeof body !== 'object' || body === null || !('aoi' in body) || typeof body.aoi !== 'string')
    return body;
  const match = AOI_REFERENCE.exec(body.aoi);
  try {
    if (match === null) throw new SwathError('NotFound', 'not an id');
    const [, id = '', version] = match;
    const aoi = await getAoi(deps, project, id, version === undefined ? undefined : Number(version));
    return {
      ...body,
      aoi: {
        type: 'Feature',
        id: `${aoi.id}@${aoi.version}`,
        properties: aoi.title === null ? {} : { title: aoi.title },
        geometry: aoi.geometry,
      },
    };
  } catch (error) {
    if (!isSwathError(error, 'NotFound')) throw error;
    throw new SwathError('NotFound', `There is no area of interest "${body.aoi.slice(0, 80)}".`, {
      pointer: '/aoi',
      fix: 'Store it first (PUT /aois/{id}, "swath aois put"), or give a GeoJSON Polygon or a box [west, south, east, north].',
    });
  }
}

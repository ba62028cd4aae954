import { isSwathError, SwathError } from '@swath/core';
import { getAoi } from '../aois/aois.ts';
import { forEachBounded } from '../chunks.ts';
import type { RequestDeps } from '../deps.ts';
import { AOI_REFERENCE } from '../limits.ts';

/**
 * A request whose zones are ids of stored areas, with the areas themselves in their place, called `<area>@<version>`.
 * Everything else passes as it is.
 * @throws SwathError NotFound with a pointer to the id.
 */
export async function withNamedZones(
  deps: Pick<RequestDeps, 'table' | 'clock'>,
  project: string,
  body: unknown,
): Promise<unknown> {
  if (typeof body !== 'object' || body === null || !('zones' in body) || !Array.isArray(body.zones))
    return body;
  const ids: readonly unknown[] = body.zones;
  if (ids.some((id) => typeof id !== 'string') || ids.length > MAX_NAMED_ZONES) return body;
  const features: unknown[] = new Array(ids.length);
  await forEachBounded(ids.entries(), async ([at, reference]) => {
    const [, id, version] = AOI_REFERENCE.exec(String(reference)) ?? [];
    if (id === undefined) throw noSuchArea(String(reference), at);
    try {
      const aoi = await getAoi(deps, project, id, version === undefined ? undefined : Number(version));
      features[at] = { type: 'Feature', id: `${aoi.id}@${aoi.version}`, geometry: aoi.geometry };
    } catch (error) {
      if (isSwathError(error, 'NotFound')) throw noSuchArea(String(reference), at);
      throw error;
    }
  });
  return { ...body, zones: { type: 'FeatureCollection', features } };
}

/** As the specification says: each is a look at the table. */
const MAX_NAMED_ZONES = 1000;

const noSuchArea = (id: string, at: number) =>
  new SwathError('NotFound', `There is no area of interest "${id.slice(0, 80)}".`, {
    pointer: `/zones/${at}`,
    fix: 'Store it first (PUT /aois/{id}, "swath aois put"), or give the zones as a GeoJSON FeatureCollection.',
  });

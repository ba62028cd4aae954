import { contentHash, SwathError } from '@swath/core';
import { type BboxWgs84, parseZones, type Zone, zonesBbox } from '@swath/geo';
import type { RequestSpec } from '../spec.ts';

/** Zones as a checked request names them: what they are lies in an object of its own. */
export interface StoredZones {
  /** Of their ids and geometries. */
  readonly sha256: string;
  /** How many there are. */
  readonly features: number;
  readonly bbox: BboxWgs84;
}

/** Zones of a request that has been checked; undefined without. */
export function storedZones({ zones }: Pick<RequestSpec, 'zones'>): StoredZones | undefined {
  return zones === undefined || Array.isArray(zones) || 'type' in zones ? undefined : zones;
}

/**
 * A request with its zones replaced by their checksum, count and box: what they decide needs no more, and a request stays
 * small enough to be shown. Without an area, it gets the box around them.
 * @throws SwathError InvalidInput, LimitExceeded, with a pointer into the zones.
 */
export function plainZones(parsed: RequestSpec): {
  readonly spec: RequestSpec;
  readonly zones: readonly Zone[] | null;
} {
  const { zones: given, zoneId, ...rest } = parsed;
  if (given === undefined) {
    if (zoneId === undefined) return { spec: rest, zones: null };
    throw new SwathError('InvalidInput', 'The request names the id of zones, and has none.', {
      pointer: '/zoneId',
      fix: 'Give "zones", or leave "zoneId" out.',
    });
  }
  if (Array.isArray(given)) {
    // Stored areas are put in place of their ids at the door; a specification on files has none.
    throw new SwathError('NotFound', 'There are no stored areas here.', {
      pointer: '/zones/0',
      fix: 'Give a GeoJSON FeatureCollection, or send the request to a running system.',
    });
  }
  const zones = 'type' in given ? parseZones(given, zoneId) : null;
  const stored = 'type' in given ? storedForm(zones ?? []) : given;
  return { spec: { ...rest, zones: stored, aoi: rest.aoi ?? areaAround(stored) }, zones };
}

function storedForm(zones: readonly Zone[]) {
  const [west, south, east, north] = zonesBbox(zones);
  const bbox: [number, number, number, number] = [west, south, east, north];
  return { sha256: contentHash(zones), features: zones.length, bbox };
}

function areaAround({ bbox }: { readonly bbox: [number, number, number, number] }) {
  if (bbox[2] - bbox[0] <= 180) return bbox;
  throw new SwathError('InvalidInput', 'The zones lie on both sides of the antimeridian.', {
    pointer: '/zones',
    fix: 'Split them into two requests, or give the area as "aoi".',
  });
}

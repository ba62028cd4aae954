import { SwathError } from '@swath/core';
import { type Aoi, boxesMeet, parseAoi, parseCrs, parseDatetime, type Zone, zonesMeet } from '@swath/geo';
import { type ResolvedPipeline, resolvePipeline } from '@swath/graph/pipeline';
import type { CollectionSummary } from '@swath/ports';
import { typeRange } from '../plan/stored.ts';
import type { RequestSpec } from '../spec.ts';
import { nearestName } from './nearest.ts';
import { parseSpec } from './syntax.ts';
import { plainZones, storedZones } from './zones.ts';

/** A request whose every field is understood. */
export interface CheckedSpec {
  /** With defaults; the CRS in its one spelling; zones by their checksum. */
  readonly spec: RequestSpec;
  readonly aoi: Aoi | null;
  /** Zones that came with the request; null when there are none, or when they were stored before. */
  readonly zones: readonly Zone[] | null;
  readonly datetime: { readonly start: string | null; readonly end: string | null } | null;
  readonly pipeline: ResolvedPipeline;
}

/**
 * Shape and meaning of a request, before anything is stored or asked elsewhere.
 * @throws SwathError InvalidInput (with pointer and fix), LimitExceeded.
 */
export function checkSpec(input: unknown): CheckedSpec {
  const parsed = parseSpec(input);
  const { spec: plain, zones } = plainZones(parsed);
  const spec = { ...plain, grid: plainGrid(plain.grid) };
  checkSource(spec);
  checkOutput(spec);
  if (typeof spec.radiometry === 'object' && spec.radiometry.scale === 0) {
    throw new SwathError('InvalidInput', 'A radiometric scale of 0 makes every value the same.', {
      pointer: '/radiometry/scale',
      fix: 'Give the scale of the product, such as 0.0001.',
    });
  }
  const aoi = areaOf(spec);
  checkZonesMeet(spec, zones, aoi);
  return {
    spec,
    aoi,
    zones,
    datetime: spec.datetime === undefined ? null : parseDatetime(spec.datetime, '/datetime'),
    pipeline: resolvePipeline(spec.pipeline, '/pipeline'),
  };
}

function plainGrid(grid: RequestSpec['grid']): RequestSpec['grid'] {
  if (grid === 'native') return grid;
  const { bounds } = grid;
  if (bounds !== undefined && !(bounds[0] < bounds[2] && bounds[1] < bounds[3])) {
    throw new SwathError('InvalidInput', 'The bounds hold no area.', {
      pointer: '/grid/bounds',
      fix: 'Order them [minX, minY, maxX, maxY], in units of the CRS.',
    });
  }
  return grid.crs === undefined ? grid : { ...grid, crs: parseCrs(grid.crs, '/grid/crs') };
}

function checkSource(spec: RequestSpec): void {
  if (spec.items !== undefined && (spec.collections !== undefined || spec.provider !== undefined)) {
    throw new SwathError('InvalidInput', 'The request names items and also a provider or collections.', {
      pointer: '/items',
      fix: 'Keep items, or search with provider and collections.',
    });
  }
  if (spec.items === undefined && spec.collections === undefined) {
    throw new SwathError('InvalidInput', 'The request does not say which imagery.', {
      pointer: '/collections',
      fix: 'Name collections of a provider, such as ["sentinel-2-l2a"], or items.',
    });
  }
  if (spec.items === undefined && spec.aoi === undefined) {
    throw new SwathError('InvalidInput', 'The request does not say where.', {
      pointer: '/aoi',
      fix: 'Give a GeoJSON Polygon, or a box [west, south, east, north] in degrees.',
    });
  }
}

function areaOf(spec: RequestSpec): Aoi | null {
  if (spec.aoi === undefined) return null;
  if (typeof spec.aoi === 'string') {
    // Stored areas are put in place of their ids at the door; a specification on files has none.
    throw new SwathError('NotFound', `There is no area of interest "${spec.aoi}".`, {
      pointer: '/aoi',
      fix: 'Give a GeoJSON Polygon, or a box [west, south, east, north] in degrees.',
    });
  }
  return parseAoi(spec.aoi, '/aoi');
}

/** Zones beside the area have no pixel: each would cost a row that says nothing. Some may lie outside, not all. */
function checkZonesMeet(spec: RequestSpec, zones: readonly Zone[] | null, aoi: Aoi | null): void {
  const stored = storedZones(spec);
  if (stored === undefined || aoi === null) return;
  if (zones === null ? boxesMeet(stored.bbox, aoi.bboxes) : zonesMeet(zones, aoi.bboxes)) return;
  throw new SwathError('InvalidInput', 'None of the zones lies in the area.', {
    pointer: '/zones',
    fix: 'Correct "aoi" or "zones", or leave "aoi" out: then the area is the box around the zones.',
  });
}

function checkOutput(spec: RequestSpec): void {
  const { dtype, nodata } = spec.output;
  if (nodata === undefined || dtype === 'float32') return;
  const [low, high] = typeRange[dtype];
  if (nodata !== 'nan' && Number.isInteger(nodata) && nodata >= low && nodata <= high) return;
  throw new SwathError('InvalidInput', `${dtype} cannot hold the nodata value ${nodata}.`, {
    pointer: '/output/nodata',
    fix: `Use a whole number from ${low} to ${high}.`,
  });
}

/** Names that stand in for one another where a sensor has only one of them; see findBand in @swath/stac. */
const standIns: Readonly<Record<string, readonly string[]>> = { nir: ['nir08'], lwir: ['lwir11'] };

/**
 * Collections and bands against what the provider says it has.
 * @throws SwathError InvalidInput listing what there is.
 */
export function checkAgainstProvider(checked: CheckedSpec, collections: readonly CollectionSummary[]): void {
  const { spec, pipeline } = checked;
  const ids = collections.map(({ id }) => id);
  for (const [i, wanted] of (spec.collections ?? []).entries()) {
    const collection = collections.find(({ id }) => id === wanted);
    if (collection === undefined) {
      const near = nearestName(wanted, ids);
      throw new SwathError('InvalidInput', `The provider has no collection "${wanted}".`, {
        pointer: `/collections/${i}`,
        fix: near === undefined ? `Use one of: ${ids.slice(0, 30).join(', ')}.` : `Did you mean "${near}"?`,
      });
    }
    for (const { band } of pipeline.bands) requireBand(collection, band);
  }
}

function requireBand(collection: CollectionSummary, band: string): void {
  if (collection.bands.length === 0) return;
  const names = collection.bands.map((name) => name.toLowerCase());
  const wanted = band.toLowerCase();
  if ([wanted, ...(standIns[wanted] ?? [])].some((name) => names.includes(name))) return;
  const near = nearestName(band, collection.bands);
  throw new SwathError('InvalidInput', `Collection ${collection.id} has no band "${band}".`, {
    pointer: '/pipeline',
    fix: `${near === undefined ? '' : `Did you mean "${near}"? `}Its bands: ${collection.bands.join(', ')}.`,
  });
}

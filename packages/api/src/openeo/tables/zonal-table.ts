import { SwathError } from '@swath/core';
import { WGS84 } from '@swath/geo';
import { type Cube, cellAt, type PlannedTable, reducedZone, type ZoneSummary } from '@swath/graph';

/** One geometry of a table. */
export interface TableFeature {
  readonly id: string;
  /** GeoJSON geometry; null where there is none. */
  readonly geometry: object | null;
}

/** Values by date, geometry and band: what aggregate_spatial gives. */
export interface ZonalTable {
  /** Labels of time, in order; null where time was reduced. */
  readonly dates: readonly string[] | null;
  readonly features: readonly TableFeature[];
  /** Names of the bands; null where bands were reduced: one value, without a name. */
  readonly bands: readonly string[] | null;
  /** Date by date, geometry by geometry, band by band. NaN is no data. */
  readonly values: Float64Array;
  /** CRS of the geometries where that is not longitude and latitude. */
  readonly crs?: string | number;
}

/** A row of statistics by zone, as products have them. */
export interface StatisticsRow extends ZoneSummary {
  readonly zone: string;
  readonly band: string;
}

/** Rows of one product, and its date. */
export interface ProductRows {
  readonly date: string;
  readonly rows: readonly StatisticsRow[];
}

/**
 * What a job asked for, of the statistics that its request made.
 * @param products in the order of their dates.
 * @throws SwathError Corrupt when a product has no row of a zone.
 */
export function tableOfStatistics(
  products: readonly ProductRows[],
  features: readonly TableFeature[],
  { reducer, hasBands, hasDates }: PlannedTable,
): ZonalTable {
  const bands = [...new Set(products[0]?.rows.map(({ band }) => band) ?? [])];
  const bandAt = new Map(bands.map((band, i) => [band, i]));
  const zoneAt = new Map(features.map(({ id }, i) => [id, i]));
  const size = features.length * bands.length;
  const values = new Float64Array(products.length * size).fill(Number.NaN);
  for (const [at, { date, rows }] of products.entries()) {
    if (rows.length !== size)
      throw new SwathError('Corrupt', `The result of ${date} has ${rows.length} rows of zones, not ${size}.`);
    for (const row of rows) {
      const [zone, band] = [zoneAt.get(row.zone), bandAt.get(row.band)];
      if (zone === undefined || band === undefined)
        throw new SwathError('Corrupt', `The result of ${date} has rows of other zones or bands.`);
      values[at * size + zone * bands.length + band] = reducedZone(reducer, row) ?? Number.NaN;
    }
  }
  const dates = hasDates ? products.map(({ date }) => date) : null;
  return { dates, features, bands: hasBands ? bands : null, values };
}

/** A cube of geometries, with at most one temporal dimension and one of bands besides: one that a table can hold. */
export function isZonal({ dimensions }: Cube): boolean {
  const count = (sort: string) => dimensions.filter(({ type }) => type === sort).length;
  const [geometries, times, bands] = ['geometry', 'temporal', 'bands'].map(count);
  return (
    geometries === 1 && times! <= 1 && bands! <= 1 && dimensions.length === geometries! + times! + bands!
  );
}

/** A cube that {@link isZonal} as a table. */
export function tableOfCube({ dimensions, cells }: Cube): ZonalTable {
  const axis = (sort: string) => {
    const at = dimensions.findIndex(({ type }) => type === sort);
    /** Cells from one label to the next. */
    const stride = dimensions.slice(at + 1).reduce((size, { labels }) => size * labels.length, 1);
    return {
      dimension: dimensions[at],
      size: dimensions[at]?.labels.length ?? 1,
      stride: at < 0 ? 0 : stride,
    };
  };
  const [time, zone, band] = [axis('temporal'), axis('geometry'), axis('bands')];
  const values = new Float64Array(time.size * zone.size * band.size);
  let to = 0;
  for (let t = 0; t < time.size; t++)
    for (let g = 0; g < zone.size; g++)
      for (let b = 0; b < band.size; b++) {
        const cell = cellAt(cells, t * time.stride + g * zone.stride + b * band.stride);
        values[to++] = cell === null || typeof cell === 'string' ? Number.NaN : Number(cell);
      }
  const { geometries, referenceSystem: crs } = zone.dimension ?? {};
  return {
    dates: time.dimension?.labels.map(String) ?? null,
    features: (zone.dimension?.labels ?? []).map((label) => ({
      id: String(label),
      geometry: geometryOf(geometries?.get(label)),
    })),
    bands: band.dimension?.labels.map(String) ?? null,
    values,
    ...(crs === undefined || crs === WGS84 ? {} : { crs }),
  };
}

/** Of a Feature its geometry; a geometry itself. The evaluator has checked both. */
function geometryOf(given: unknown): object | null {
  if (typeof given !== 'object' || given === null) return null;
  if (!('type' in given) || given.type !== 'Feature') return given;
  return 'geometry' in given && typeof given.geometry === 'object' ? given.geometry : null;
}

/** Whether geometries have ids of their own, and not only their numbers in order. */
export const isNamed = ({ features }: ZonalTable): boolean => features.some(({ id }, i) => id !== String(i));

/** What columns of values are called. */
export const valueColumns = ({ bands }: ZonalTable): readonly string[] => bands ?? ['value'];

/** Calls `visit` for each row, dates first: where its values begin. */
export function forEachRow(
  table: ZonalTable,
  visit: (row: { readonly date: string | null; readonly feature: number; readonly at: number }) => void,
): void {
  const width = valueColumns(table).length;
  let at = 0;
  for (const date of table.dates ?? [null]) {
    for (const feature of table.features.keys()) {
      visit({ date, feature, at });
      at += width;
    }
  }
}

import { DatabaseSync } from 'node:sqlite';
import { SwathError } from '@swath/core';
import { crsTransformer, parseCrs } from '@swath/geo';
import * as z from 'zod';
import { readWkbPolygons } from './wkb.ts';

/** Features read of one file: more polygons than this are no area of interest. */
const MAX_FEATURES = 10_000;

const layer = z.object({ table_name: z.string(), column_name: z.string(), srs_id: z.number() });
const system = z.object({ organization: z.string(), organization_coordsys_id: z.number() });

/** Rings of [lon, lat]. */
type Polygon = readonly (readonly [number, number])[][];

/** One row of a layer: its polygons, and its other columns that are text or numbers. */
export interface PackagedFeature {
  readonly polygons: readonly Polygon[];
  readonly properties: Readonly<Record<string, string | number>>;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * The polygons of a GeoPackage (OGC 12-128r19), layer by layer, as rings of [lon, lat].
 * @throws SwathError Corrupt for what is no GeoPackage; Unsupported for a coordinate system without an EPSG code;
 *   LimitExceeded.
 */
export function readGeoPackage(path: string): readonly Polygon[] {
  return readGeoPackageFeatures(path).flatMap(({ polygons }) => polygons);
}

/** The same by feature, with what the file says of each. @throws as {@link readGeoPackage}. */
export function readGeoPackageFeatures(path: string): readonly PackagedFeature[] {
  const database = openFile(path);
  try {
    const layers = z
      .array(layer)
      .parse(database.prepare('SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns').all());
    return layers.flatMap((each) => featuresOf(database, each));
  } catch (error) {
    if (error instanceof SwathError) throw error;
    throw new SwathError('Corrupt', `The file ${path} is no GeoPackage.`, {
      fix: 'Export the area as GeoPackage or GeoJSON again.',
      cause: error,
    });
  } finally {
    database.close();
  }
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true });
  } catch (cause) {
    throw new SwathError('InvalidInput', `The file ${path} cannot be read.`, {
      fix: 'Check the path.',
      cause,
    });
  }
}

function featuresOf(
  database: DatabaseSync,
  { table_name, column_name, srs_id }: z.output<typeof layer>,
): readonly PackagedFeature[] {
  const toLonLat = toWgs84(database, srs_id);
  const rows = database
    .prepare(
      `SELECT * FROM ${quoted(table_name)} WHERE ${quoted(column_name)} IS NOT NULL LIMIT ${MAX_FEATURES + 1}`,
    )
    .all();
  if (rows.length > MAX_FEATURES) {
    throw new SwathError('LimitExceeded', `The layer ${table_name} has over ${MAX_FEATURES} features.`, {
      fix: 'Select fewer, or dissolve them into one.',
    });
  }
  return rows.map((row) => {
    const blob = z.instanceof(Uint8Array).parse(row[column_name]);
    const properties: Record<string, string | number> = {};
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === 'string' || typeof value === 'number') properties[name] = value;
    }
    const polygons = readWkbPolygons(wkbOf(blob)).map((rings) =>
      rings.map((ring) => ring.map(([x, y]) => toLonLat(x, y))),
    );
    return { polygons, properties };
  });
}

/** The WKB behind the GeoPackage header: magic, version, flags, SRS id, envelope of 0, 4, 6 or 8 doubles. */
function wkbOf(blob: Uint8Array): Uint8Array {
  const envelopeDoubles = [0, 4, 6, 6, 8][((blob[3] ?? 0) >> 1) & 7];
  if (blob[0] !== 0x47 || blob[1] !== 0x50 || envelopeDoubles === undefined) {
    throw new SwathError('Corrupt', 'A geometry of the GeoPackage has no GeoPackage header.');
  }
  return blob.subarray(8 + envelopeDoubles * 8);
}

function toWgs84(database: DatabaseSync, srsId: number): (x: number, y: number) => [number, number] {
  const row = database
    .prepare('SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?')
    .get(srsId);
  const parsed = system.safeParse(row);
  const found = parsed.success ? parsed.data : undefined;
  if (found?.organization.toUpperCase() !== 'EPSG') {
    throw new SwathError('Unsupported', 'The GeoPackage has a coordinate system without an EPSG code.', {
      fix: 'Export it in WGS 84 (EPSG:4326).',
    });
  }
  const code = found.organization_coordsys_id;
  // GeoPackage keeps x, y order whatever the authority says: longitude first.
  if (code === 4326) return (x, y) => [x, y];
  return crsTransformer(parseCrs(`EPSG:${code}`, ''), parseCrs('EPSG:4326', '')).forward;
}

import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { SwathError } from '@swath/core';
import * as z from 'zod';
import { AREA_FILE_LIMIT_BYTES } from './limits.ts';

type Position = readonly number[];
type Polygon = readonly (readonly Position[])[];

const formats = ['.shp', '.zip', '.kml', '.gpkg'] as const;

/** Is this a format that has to be turned into GeoJSON? @throws SwathError InvalidInput for KMZ. */
export function isAreaFile(path: string): boolean {
  const extension = extname(path).toLowerCase();
  if (extension === '.kmz') {
    throw new SwathError('InvalidInput', `The file ${path} is a KMZ: a KML in a zip.`, {
      fix: `Take it out: unzip ${path} doc.kml, and name doc.kml.`,
    });
  }
  return (formats as readonly string[]).includes(extension);
}

/**
 * One area of GeoJSON: the features of a collection, such as QGIS exports, are put together as those of a Shapefile. Anything
 * else, and whatever is wrong with it, is left to the server.
 */
export function joinedFeatures(document: unknown): unknown {
  const collection = featureCollection.safeParse(document);
  if (!collection.success || collection.data.features.length < 2) return document;
  const geometry = geometryOf(collection.data.features.flatMap((feature) => inGeometry(feature.geometry)));
  return geometry ?? document;
}

const position = z.tuple([z.number(), z.number()], z.number());
const rings = z.array(z.array(position));
const featureCollection = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      geometry: z.discriminatedUnion('type', [
        z.object({ type: z.literal('Polygon'), coordinates: rings }),
        z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(rings) }),
      ]),
    }),
  ),
});

/**
 * The polygons of a Shapefile (alone or zipped), KML or GeoPackage as one GeoJSON geometry in longitude and latitude.
 * @throws SwathError InvalidInput when the file cannot be read or has no polygon; Corrupt; LimitExceeded.
 */
export async function readAreaFile(path: string): Promise<unknown> {
  await checkSize(path);
  const polygons = (await featuresOf(path)).flatMap((feature) => feature.polygons);
  const geometry = geometryOf(polygons);
  if (geometry === null) throw noPolygon(path);
  return geometry;
}

async function checkSize(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => {
      throw new SwathError('InvalidInput', `The file ${path} cannot be read.`, {
        fix: 'Check the path.',
        cause,
      });
    },
  );
  if (size <= AREA_FILE_LIMIT_BYTES) return;
  throw new SwathError('LimitExceeded', `The file ${path} is over ${AREA_FILE_LIMIT_BYTES} bytes.`, {
    fix: 'Select the features you need, or simplify them.',
  });
}

/** What a file says of one of its features. */
interface AreaFeature {
  readonly polygons: readonly Polygon[];
  readonly id?: string | number | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The polygons of a file, feature by feature, as a GeoJSON FeatureCollection in longitude and latitude. Features without an
 * id get their number in the file, from 1. Features without a polygon are left out.
 * @throws SwathError as {@link readAreaFile}.
 */
export async function readZonesFile(path: string): Promise<unknown> {
  await checkSize(path);
  const features = (await featuresOf(path)).flatMap(({ polygons, id, properties }, at) => {
    const geometry = geometryOf(polygons);
    return geometry === null ? [] : [{ type: 'Feature', id: id ?? at + 1, properties, geometry }];
  });
  if (features.length === 0) throw noPolygon(path);
  return { type: 'FeatureCollection', features };
}

function geometryOf(polygons: readonly Polygon[]) {
  const [first] = polygons;
  if (first === undefined) return null;
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: first }
    : { type: 'MultiPolygon', coordinates: polygons };
}

const noPolygon = (path: string) =>
  new SwathError('InvalidInput', `The file ${path} has no polygon.`, { fix: 'Export a layer of polygons.' });

async function featuresOf(path: string): Promise<readonly AreaFeature[]> {
  const extension = extname(path).toLowerCase();
  if (extension === '.gpkg') {
    const { readGeoPackageFeatures } = await import('@swath/local/geopackage');
    return readGeoPackageFeatures(path).map(({ polygons, properties }) => ({
      polygons,
      properties,
      id: properties['fid'],
    }));
  }
  try {
    return await (extension === '.kml' ? kmlFeatures(path) : shapefileFeatures(path, extension));
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    throw new SwathError('Corrupt', `The file ${path} is no ${extension.slice(1)} that can be read.`, {
      fix: 'Export the area again, or as GeoJSON.',
      cause,
    });
  }
}

interface LooseFeature {
  readonly id?: string | number | undefined;
  readonly geometry: LooseGeometry | null;
  readonly properties?: Readonly<Record<string, unknown>> | null;
}

const asFeature = ({ id, geometry, properties }: LooseFeature): AreaFeature => ({
  id,
  polygons: inGeometry(geometry),
  properties: properties ?? {},
});

async function kmlFeatures(path: string): Promise<readonly AreaFeature[]> {
  const [{ kml }, { default: xmldom }, text] = await Promise.all([
    import('@tmcw/togeojson'),
    // CommonJS: its names are those of the default export, in a bundle nowhere else.
    import('@xmldom/xmldom'),
    readFile(path, 'utf8'),
  ]);
  return kml(new xmldom.DOMParser().parseFromString(text, 'text/xml')).features.map(asFeature);
}

async function shapefileFeatures(path: string, extension: string): Promise<readonly AreaFeature[]> {
  const { parseShp, parseZip } = await import('shpjs');
  const bytes = await readFile(path);
  if (extension === '.shp') {
    const geometries = parseShp(bytes, await projectionBeside(path));
    const rows = await attributesBeside(path);
    return geometries.map((geometry, at) => asFeature({ geometry, properties: rows[at] ?? {} }));
  }
  const parsed = await parseZip(bytes);
  const collections = Array.isArray(parsed) ? parsed : [parsed];
  return collections.flatMap(({ features }) => features.map(asFeature));
}

/** The rows of the .dbf beside a .shp; none without one. */
async function attributesBeside(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { parseDbf } = await import('shpjs');
  const bytes = await readFile(path.replace(/\.shp$/i, '.dbf')).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return [];
  return parseDbf(bytes, await encodingBeside(path));
}

async function encodingBeside(path: string): Promise<Buffer | undefined> {
  return await readFile(path.replace(/\.shp$/i, '.cpg')).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** The .prj beside a .shp; without one, coordinates are taken for longitude and latitude. */
async function projectionBeside(path: string): Promise<string | undefined> {
  try {
    return await readFile(path.replace(/\.shp$/i, '.prj'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

interface LooseGeometry {
  readonly type: string;
  readonly coordinates?: unknown;
  readonly geometries?: readonly LooseGeometry[];
}

/** The polygons of a geometry without heights; what they hold is checked where every area is. */
function inGeometry(geometry: LooseGeometry | null): readonly Polygon[] {
  if (geometry === null) return [];
  switch (geometry.type) {
    case 'Polygon':
      return [flat(geometry.coordinates as Polygon)];
    case 'MultiPolygon':
      return (geometry.coordinates as readonly Polygon[]).map(flat);
    case 'GeometryCollection':
      return (geometry.geometries ?? []).flatMap(inGeometry);
    default:
      return [];
  }
}

const flat = (polygon: Polygon): Polygon =>
  polygon.map((ring) => ring.map(([x = Number.NaN, y = Number.NaN]) => [x, y]));

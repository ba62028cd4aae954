import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { SwathError } from '@swath/core';
import { AREA_FILE_LIMIT_BYTES } from './limits.ts';

type Position = readonly number[];
type Polygon = readonly (readonly Position[])[];

const formats = ['.shp', '.zip', '.kml', '.gpkg'] as const;

/** Is this a format that has to be turned into GeoJSON? */
export function isAreaFile(path: string): boolean {
  return (formats as readonly string[]).includes(extname(path).toLowerCase());
}

/**
 * The polygons of a Shapefile (alone or zipped), KML or GeoPackage as one GeoJSON geometry in longitude and latitude.
 * @throws SwathError InvalidInput when the file cannot be read or has no polygon; Corrupt; LimitExceeded.
 */
export async function readAreaFile(path: string): Promise<unknown> {
  await checkSize(path);
  const polygons = await polygonsOf(path);
  if (polygons.length === 0) {
    throw new SwathError('InvalidInput', `The file ${path} has no polygon.`, {
      fix: 'Export a layer of polygons.',
    });
  }
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] }
    : { type: 'MultiPolygon', coordinates: polygons };
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

async function polygonsOf(path: string): Promise<readonly Polygon[]> {
  const extension = extname(path).toLowerCase();
  if (extension === '.gpkg') {
    const { readGeoPackage } = await import('@swath/local/geopackage');
    return readGeoPackage(path);
  }
  try {
    return await (extension === '.kml' ? kmlPolygons(path) : shapefilePolygons(path, extension));
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    throw new SwathError('Corrupt', `The file ${path} is no ${extension.slice(1)} that can be read.`, {
      fix: 'Export the area again, or as GeoJSON.',
      cause,
    });
  }
}

async function kmlPolygons(path: string): Promise<readonly Polygon[]> {
  const [{ kml }, { DOMParser }, text] = await Promise.all([
    import('@tmcw/togeojson'),
    import('@xmldom/xmldom'),
    readFile(path, 'utf8'),
  ]);
  const { features } = kml(new DOMParser().parseFromString(text, 'text/xml'));
  return features.flatMap((feature) => inGeometry(feature.geometry));
}

async function shapefilePolygons(path: string, extension: string): Promise<readonly Polygon[]> {
  const { parseShp, parseZip } = await import('shpjs');
  const bytes = await readFile(path);
  if (extension === '.shp') {
    return parseShp(bytes, await projectionBeside(path)).flatMap(inGeometry);
  }
  const parsed = await parseZip(bytes);
  const collections = Array.isArray(parsed) ? parsed : [parsed];
  return collections.flatMap(({ features }) => features.flatMap((feature) => inGeometry(feature.geometry)));
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

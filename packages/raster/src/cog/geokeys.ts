import { SwathError } from '@swath/core';
import { type CrsId, isGeographic } from '@swath/geo';
import { type ProjParameters, parseProjString, projNumber } from './proj-string.ts';

/** The three tags of GeoTIFF 1.1 section 7.1 that name a CRS. */
export interface GeoKeyTags {
  /** Tag 34735: header of four, then (key, tag that holds the value or 0, count, value or index) per key. */
  readonly directory: readonly number[];
  /** Tag 34736. */
  readonly doubles: readonly number[];
  /** Tag 34737, parts end with `|`. */
  readonly ascii: string;
}

/** Values by key id: whole numbers are SHORT keys, text is ASCII, `{double}` is DOUBLE. */
type GeoKeys = Map<number, number | string | { readonly double: number }>;

const KEY = {
  modelType: 1024,
  rasterType: 1025,
  geographicType: 2048,
  geogCitation: 2049,
  geodeticDatum: 2050,
  angularUnits: 2054,
  ellipsoid: 2056,
  semiMajorAxis: 2057,
  semiMinorAxis: 2058,
  inverseFlattening: 2059,
  primeMeridianLongitude: 2061,
  projectedType: 3072,
  projectedCitation: 3073,
  projection: 3074,
  method: 3075,
  linearUnits: 3076,
  linearUnitSize: 3077,
  standardParallel1: 3078,
  standardParallel2: 3079,
  naturalOriginLongitude: 3080,
  naturalOriginLatitude: 3081,
  falseEasting: 3082,
  falseNorthing: 3083,
  falseOriginLongitude: 3084,
  falseOriginLatitude: 3085,
  falseOriginEasting: 3086,
  falseOriginNorthing: 3087,
  centreLongitude: 3088,
  centreLatitude: 3089,
  scaleAtOrigin: 3092,
  straightVerticalPoleLongitude: 3095,
} as const;

const USER_DEFINED = 32767;
const DEGREE = 9102;

/** @throws SwathError InvalidInput, Unsupported (naming the projection). */
export function geoKeyTags(crs: CrsId): GeoKeyTags {
  const epsg = /^EPSG:(\d+)$/.exec(crs)?.[1];
  const keys = epsg === undefined ? keysOfProjString(crs) : keysOfEpsg(Number(epsg));
  return encodeKeys(keys);
}

function baseKeys(model: 'projected' | 'geographic'): GeoKeys {
  // Raster type 1 is PixelIsArea: the tie point is the outer corner of the first pixel.
  return new Map([
    [KEY.modelType, model === 'projected' ? 1 : 2],
    [KEY.rasterType, 1],
  ]);
}

function keysOfEpsg(code: number): GeoKeys {
  if (code < 1024 || code >= USER_DEFINED) {
    throw new SwathError('Unsupported', `EPSG:${code} does not fit a GeoTIFF key (1024 to 32766).`, {
      fix: 'Give the CRS as a PROJ string.',
    });
  }
  if (isGeographic(`EPSG:${code}`)) {
    return baseKeys('geographic').set(KEY.geographicType, code).set(KEY.angularUnits, DEGREE);
  }
  return baseKeys('projected').set(KEY.projectedType, code);
}

function keysOfProjString(text: string): GeoKeys {
  const parameters = parseProjString(text);
  const name = parameters.get('proj') ?? '';
  if (name === 'longlat' || name === 'latlong') {
    const keys = baseKeys('geographic');
    addGeographic(keys, parameters);
    return keys;
  }
  const keys = baseKeys('projected');
  keys.set(KEY.projectedType, USER_DEFINED);
  keys.set(KEY.projectedCitation, text.trim());
  addGeographic(keys, parameters);
  keys.set(KEY.projection, USER_DEFINED);
  const metres = addUnits(keys, parameters);
  addProjection(keys, name, parameters);
  toUnits(keys, metres);
  return keys;
}

/** PROJ's names of datums with a geographic CRS of their own in EPSG. */
const DATUM_CRS: Readonly<Record<string, number>> = { WGS84: 4326, NAD83: 4269, NAD27: 4267 };

/** PROJ's names of ellipsoids and their EPSG codes. */
const ELLIPSOID: Readonly<Record<string, number>> = {
  WGS84: 7030,
  GRS80: 7019,
  WGS72: 7043,
  GRS67: 7036,
  airy: 7001,
  bessel: 7004,
  clrk66: 7008,
  clrk80: 7012,
  intl: 7022,
  krass: 7024,
};

function addGeographic(keys: GeoKeys, parameters: ProjParameters): void {
  const known = DATUM_CRS[parameters.get('datum') ?? ''];
  if (known !== undefined) {
    keys.set(KEY.geographicType, known).set(KEY.angularUnits, DEGREE);
    return;
  }
  keys.set(KEY.geographicType, USER_DEFINED);
  keys.set(KEY.geogCitation, 'unknown');
  keys.set(KEY.geodeticDatum, USER_DEFINED);
  keys.set(KEY.angularUnits, DEGREE);
  addEllipsoid(keys, parameters);
  const meridian = projNumber(parameters, 'pm', 0);
  if (meridian !== 0) keys.set(KEY.primeMeridianLongitude, { double: meridian });
}

function addEllipsoid(keys: GeoKeys, parameters: ProjParameters): void {
  const code = ELLIPSOID[parameters.get('ellps') ?? ''];
  if (code !== undefined) {
    keys.set(KEY.ellipsoid, code);
    return;
  }
  const sphere = projNumber(parameters, 'R', Number.NaN);
  const semiMajor = Number.isNaN(sphere) ? projNumber(parameters, 'a', Number.NaN) : sphere;
  if (!(semiMajor > 0)) {
    throw new SwathError('Unsupported', 'The CRS names no ellipsoid that GeoTIFF can store.', {
      fix: 'Give +datum=WGS84, +ellps=<name>, +R=<metres>, or +a and +b.',
    });
  }
  keys.set(KEY.ellipsoid, USER_DEFINED);
  keys.set(KEY.semiMajorAxis, { double: semiMajor });
  const inverse = projNumber(parameters, 'rf', Number.NaN);
  if (inverse > 0) keys.set(KEY.inverseFlattening, { double: inverse });
  else keys.set(KEY.semiMinorAxis, { double: projNumber(parameters, 'b', semiMajor) });
}

interface LinearUnit {
  /** EPSG's. */
  readonly code: number;
  readonly metres: number;
}

/** By PROJ's name. */
const LINEAR_UNIT: Readonly<Record<string, LinearUnit>> = {
  m: { code: 9001, metres: 1 },
  ft: { code: 9002, metres: 0.3048 },
  'us-ft': { code: 9003, metres: 1200 / 3937 },
  km: { code: 9036, metres: 1000 },
};

/** Metres in a unit of the CRS: PROJ gives false eastings in metres, GeoTIFF wants them in that unit. */
function addUnits(keys: GeoKeys, parameters: ProjParameters): number {
  const factor = projNumber(parameters, 'to_meter', Number.NaN);
  if (factor > 0 && factor !== 1) {
    keys.set(KEY.linearUnits, USER_DEFINED).set(KEY.linearUnitSize, { double: factor });
    return factor;
  }
  const name = parameters.get('units') ?? 'm';
  const unit = LINEAR_UNIT[name];
  if (unit === undefined) {
    throw new SwathError('Unsupported', `GeoTIFF has no code for +units=${name}.`, { fix: 'Use metres.' });
  }
  keys.set(KEY.linearUnits, unit.code);
  return unit.metres;
}

const FALSE_ORIGIN_KEYS: readonly number[] = [
  KEY.falseEasting,
  KEY.falseNorthing,
  KEY.falseOriginEasting,
  KEY.falseOriginNorthing,
];

function toUnits(keys: GeoKeys, metres: number): void {
  if (metres === 1) return;
  for (const key of FALSE_ORIGIN_KEYS) {
    const value = keys.get(key);
    if (typeof value === 'object') keys.set(key, { double: value.double / metres });
  }
}

/** Projection methods of GeoTIFF 1.1 (CT_ codes) and which key takes which PROJ parameter. */
interface Method {
  readonly code: number;
  readonly keys: readonly (readonly [key: number, parameter: string])[];
}

const EASTING_NORTHING = [
  [KEY.falseEasting, 'x_0'],
  [KEY.falseNorthing, 'y_0'],
] as const;
const NATURAL_ORIGIN = [
  [KEY.naturalOriginLatitude, 'lat_0'],
  [KEY.naturalOriginLongitude, 'lon_0'],
  ...EASTING_NORTHING,
] as const;
const CENTRE = [[KEY.centreLatitude, 'lat_0'], [KEY.centreLongitude, 'lon_0'], ...EASTING_NORTHING] as const;

const METHODS: Readonly<Record<string, Method>> = {
  tmerc: { code: 1, keys: [...NATURAL_ORIGIN, [KEY.scaleAtOrigin, 'k_0']] },
  laea: { code: 10, keys: CENTRE },
  aeqd: { code: 12, keys: CENTRE },
  sterea: { code: 16, keys: [...NATURAL_ORIGIN, [KEY.scaleAtOrigin, 'k_0']] },
  sinu: { code: 24, keys: [[KEY.centreLongitude, 'lon_0'], ...EASTING_NORTHING] },
  aea: {
    code: 11,
    keys: [[KEY.standardParallel1, 'lat_1'], [KEY.standardParallel2, 'lat_2'], ...NATURAL_ORIGIN],
  },
  lcc: {
    code: 8,
    keys: [
      [KEY.standardParallel1, 'lat_1'],
      [KEY.standardParallel2, 'lat_2'],
      [KEY.falseOriginLatitude, 'lat_0'],
      [KEY.falseOriginLongitude, 'lon_0'],
      [KEY.falseOriginEasting, 'x_0'],
      [KEY.falseOriginNorthing, 'y_0'],
    ],
  },
};

const DEFAULTS: Readonly<Record<string, number>> = { k_0: 1 };

function addProjection(keys: GeoKeys, name: string, parameters: ProjParameters): void {
  if (name === 'utm') addUtm(keys, parameters);
  else if (name === 'stere') addPolarStereographic(keys, parameters);
  else addByTable(keys, name, parameters);
}

function addByTable(keys: GeoKeys, name: string, parameters: ProjParameters): void {
  const oneParallel = name === 'lcc' && !parameters.has('lat_2');
  const method = oneParallel ? { code: 9, keys: METHODS['tmerc']!.keys } : METHODS[name];
  if (method === undefined) {
    throw new SwathError('Unsupported', `Projection ${name || '(none)'} cannot be written to a GeoTIFF.`, {
      fix: `Use an EPSG code, or one of ${[...Object.keys(METHODS), 'utm', 'stere'].join(', ')}.`,
    });
  }
  keys.set(KEY.method, method.code);
  for (const [key, parameter] of method.keys) {
    keys.set(key, { double: projNumber(withAlias(parameters), parameter, DEFAULTS[parameter] ?? 0) });
  }
}

/** PROJ takes `k` for `k_0`. */
function withAlias(parameters: ProjParameters): ProjParameters {
  const k = parameters.get('k');
  return k === undefined || parameters.has('k_0') ? parameters : new Map(parameters).set('k_0', k);
}

/** PROJ's UTM as the transverse Mercator it is. */
function addUtm(keys: GeoKeys, parameters: ProjParameters): void {
  const zone = projNumber(parameters, 'zone', Number.NaN);
  if (!(Number.isInteger(zone) && zone >= 1 && zone <= 60)) {
    throw new SwathError('InvalidInput', `UTM zone ${parameters.get('zone')} is not 1 to 60.`);
  }
  keys.set(KEY.method, 1);
  keys.set(KEY.naturalOriginLatitude, { double: 0 });
  keys.set(KEY.naturalOriginLongitude, { double: zone * 6 - 183 });
  keys.set(KEY.scaleAtOrigin, { double: 0.9996 });
  keys.set(KEY.falseEasting, { double: 500_000 });
  keys.set(KEY.falseNorthing, { double: parameters.has('south') ? 10_000_000 : 0 });
}

/** Polar aspect only. GDAL reads the latitude of true scale from the natural origin, the pole from its sign. */
function addPolarStereographic(keys: GeoKeys, parameters: ProjParameters): void {
  const pole = projNumber(parameters, 'lat_0', 0);
  if (Math.abs(pole) !== 90) {
    throw new SwathError('Unsupported', 'Only polar stereographic systems can be written to a GeoTIFF.', {
      fix: 'Use +lat_0=90 or -90, or +proj=sterea.',
    });
  }
  keys.set(KEY.method, 15);
  keys.set(KEY.naturalOriginLatitude, { double: projNumber(parameters, 'lat_ts', pole) });
  keys.set(KEY.straightVerticalPoleLongitude, { double: projNumber(parameters, 'lon_0', 0) });
  keys.set(KEY.scaleAtOrigin, { double: projNumber(withAlias(parameters), 'k_0', 1) });
  keys.set(KEY.falseEasting, { double: projNumber(parameters, 'x_0', 0) });
  keys.set(KEY.falseNorthing, { double: projNumber(parameters, 'y_0', 0) });
}

function encodeKeys(keys: GeoKeys): GeoKeyTags {
  const entries: number[] = [];
  const doubles: number[] = [];
  let ascii = '';
  for (const [key, value] of [...keys].sort(([a], [b]) => a - b)) {
    if (typeof value === 'number') {
      entries.push(key, 0, 1, value);
    } else if (typeof value === 'string') {
      // GeoTIFF is ASCII, and "|" ends a part.
      const text = `${value.replace(/[^\x20-\x7b\x7d\x7e]/g, '?')}|`;
      entries.push(key, 34737, text.length, ascii.length);
      ascii += text;
    } else {
      entries.push(key, 34736, 1, doubles.length);
      doubles.push(value.double);
    }
  }
  return { directory: [1, 1, 0, keys.size, ...entries], doubles, ascii };
}

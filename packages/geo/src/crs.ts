import { SwathError } from '@swath/core';
import proj4 from 'proj4';
import { epsgDefinition } from './epsg.ts';
import { MAX_CRS_TEXT } from './limits.ts';
import type { CrsId, LonLat } from './types.ts';

/** proj4's projection object. */
type Projection = InstanceType<typeof proj4.Proj>;

export const WGS84: CrsId = 'EPSG:4326';

/** Metres per degree along the equator of WGS 84: pi / 180 * 6,378,137. */
export const METRES_PER_DEGREE = 111_319.490_793_273_57;

const fix = 'Give an EPSG code such as "EPSG:32631", or a PROJ string such as "+proj=sinu +R=6371007.181".';

const epsgSpellings = [
  /^(?:epsg:+)?(\d{1,7})$/i,
  /^urn:ogc:def:crs:epsg:[\d.]*:(\d{1,7})$/i,
  /^https?:\/\/www\.opengis\.net\/def\/crs\/epsg\/[\d.]+\/(\d{1,7})$/i,
];

const crs84Spelling =
  /^(?:ogc:|urn:ogc:def:crs:ogc:[\d.]*:|https?:\/\/www\.opengis\.net\/def\/crs\/ogc\/[\d.]+\/)?crs84$/i;

/** PROJ parameters that change nothing about x and y. */
const silent = new Set(['no_defs', 'wktext', 'type', 'title', 'over']);

/** PROJ's own defaults, which proj4js leaves undefined (it then answers NaN). */
const defaults: readonly (readonly [string, string])[] = [
  ['lon_0', '0'],
  ['x_0', '0'],
  ['y_0', '0'],
];

/** Definitions by id; bounded because ids come from users. */
const projections = new Map<CrsId, Projection>();
const MAX_CACHED_PROJECTIONS = 256;

function unknown(text: string, pointer: string, why: string): SwathError {
  return new SwathError('InvalidInput', `"${text.slice(0, 80)}" is not a known CRS: ${why}.`, {
    pointer,
    fix,
  });
}

function projTokens(text: string): Map<string, string | true> {
  const tokens = new Map<string, string | true>();
  for (const word of text.trim().split(/\s+/)) {
    const [name = '', value] = word.replace(/^\+/, '').split('=', 2);
    tokens.set(name, value ?? true);
  }
  return tokens;
}

/** Sorted parameters behind `+proj`, without those that change nothing: equal definitions give equal strings. */
function canonicalProj(tokens: ReadonlyMap<string, string | true>): string {
  const kept = [...tokens].filter(([name, value]) => {
    if (silent.has(name)) return false;
    return !defaults.some(([key, zero]) => key === name && Number(value) === Number(zero));
  });
  if (!tokens.has('units') && !tokens.has('to_meter') && tokens.get('proj') !== 'longlat')
    kept.push(['units', 'm']);
  const words = kept
    .map(([name, value]) => (value === true ? `+${name}` : `+${name}=${value}`))
    .sort((a, b) => Number(b.startsWith('+proj=')) - Number(a.startsWith('+proj=')) || (a < b ? -1 : 1));
  return words.join(' ');
}

/** The EPSG code of PROJ strings that say WGS 84 longitude/latitude or WGS 84 UTM. */
function codeOfProj(tokens: ReadonlyMap<string, string | true>): CrsId | undefined {
  const names = [...tokens.keys()].filter((name) => !silent.has(name));
  const wgs84 = tokens.get('datum') === 'WGS84';
  if (!wgs84) return undefined;
  if (tokens.get('proj') === 'longlat' && names.length === 2) return WGS84;
  const zone = Number(tokens.get('zone'));
  const plain = names.every((name) => ['proj', 'zone', 'south', 'datum', 'units'].includes(name));
  const metres = tokens.get('units') === undefined || tokens.get('units') === 'm';
  if (tokens.get('proj') === 'utm' && plain && metres && Number.isInteger(zone) && zone >= 1 && zone <= 60) {
    return `EPSG:${(tokens.has('south') ? 32700 : 32600) + zone}`;
  }
  return undefined;
}

/** proj4js splits at every `+`, and knows no `+R`: spelled out here. */
function definitionForProj4(tokens: ReadonlyMap<string, string | true>): string {
  const out = new Map(tokens);
  const radius = out.get('R');
  if (radius !== undefined) {
    out.delete('R');
    out.set('a', radius);
    out.set('b', radius);
  }
  for (const [name, value] of defaults) if (!out.has(name)) out.set(name, value);
  return [...out].map(([name, value]) => (value === true ? `+${name}` : `+${name}=${value}`)).join(' ');
}

function checkProj(tokens: ReadonlyMap<string, string | true>, text: string, pointer: string): void {
  const name = tokens.get('proj');
  if (typeof name !== 'string') throw unknown(text, pointer, 'it has no +proj');
  if (name === 'geocent' || name === 'cart') throw unknown(text, pointer, 'geocentric axes make no map');
  const grids = tokens.get('nadgrids');
  if (grids !== undefined && grids !== '@null') {
    throw unknown(text, pointer, `it needs the datum grid file ${String(grids)}`);
  }
  const zone = tokens.get('zone');
  if (name === 'utm' && !(Number(zone) >= 1 && Number(zone) <= 60 && Number.isInteger(Number(zone)))) {
    throw unknown(text, pointer, 'UTM zones are 1 to 60');
  }
  for (const [key, value] of tokens) {
    if (typeof value === 'string' && /e\+/i.test(value))
      throw unknown(text, pointer, `+${key} has an exponent`);
  }
}

function projectionOf(definition: string, text: string, pointer: string): Projection {
  const tokens = projTokens(definition);
  checkProj(tokens, text, pointer);
  try {
    return new proj4.Proj(definitionForProj4(tokens));
  } catch (cause) {
    // proj4 throws errors, and sometimes nothing at all (`throw undefined`), for definitions it cannot use.
    const why = cause instanceof Error ? cause.message : 'its projection is not supported';
    throw unknown(text, pointer, why.replace(/\.$/, ''));
  }
}

/**
 * A CRS by any of its usual spellings: `EPSG:32631`, `epsg:32631`, `32631`, OGC URN or URL, `OGC:CRS84`, a PROJ string.
 * Axes are always x (east, longitude) before y, as GDAL's traditional order.
 * @throws SwathError InvalidInput at `pointer` for unknown codes and for anything else.
 */
export function parseCrs(input: string | number, pointer = '/grid/crs'): CrsId {
  const text = String(input).trim();
  if (text.length > MAX_CRS_TEXT)
    throw unknown(text, pointer, `it is longer than ${MAX_CRS_TEXT} characters`);
  if (crs84Spelling.test(text)) return WGS84;
  for (const spelling of epsgSpellings) {
    const code = spelling.exec(text)?.[1];
    if (code === undefined) continue;
    const definition = epsgDefinition(Number(code));
    if (definition === undefined) throw unknown(text, pointer, `there is no definition for code ${code}`);
    projectionOf(definition, text, pointer);
    return `EPSG:${Number(code)}`;
  }
  if (!/^\+?proj=|\s\+?proj=/.test(text)) {
    throw unknown(text, pointer, 'it is neither an EPSG code nor a PROJ string');
  }
  const tokens = projTokens(text);
  projectionOf(text, text, pointer);
  return codeOfProj(tokens) ?? canonicalProj(tokens);
}

/** The proj4 object of an id made by {@link parseCrs}. For this package only. */
export function projection(crs: CrsId): Projection {
  const known = projections.get(crs);
  if (known !== undefined) return known;
  const code = /^EPSG:(\d+)$/.exec(crs)?.[1];
  const definition = code === undefined ? crs : epsgDefinition(Number(code));
  if (definition === undefined) throw unknown(crs, '/grid/crs', `there is no definition for code ${code}`);
  const made = projectionOf(definition, crs, '/grid/crs');
  if (projections.size >= MAX_CACHED_PROJECTIONS) projections.clear();
  projections.set(crs, made);
  return made;
}

/** True when x and y are degrees. */
export function isGeographic(crs: CrsId): boolean {
  return Reflect.get(projection(crs), 'projName') === 'longlat';
}

/** Metres per unit of the CRS; for degrees, metres per degree along the equator. */
export function crsUnitM(crs: CrsId): number {
  if (isGeographic(crs)) return METRES_PER_DEGREE;
  const toMeter: unknown = Reflect.get(projection(crs), 'to_meter');
  return typeof toMeter === 'number' && toMeter > 0 ? toMeter : 1;
}

/** WGS 84 / UTM zone of a point, with the exceptions around Norway and Svalbard; UPS beyond 84 N and 80 S. */
export function utmCrsFor([lon, lat]: LonLat): CrsId {
  if (lat >= 84) return 'EPSG:32661';
  if (lat < -80) return 'EPSG:32761';
  const wrapped = ((((lon + 180) % 360) + 360) % 360) - 180;
  let zone = Math.floor((wrapped + 180) / 6) + 1;
  if (lat >= 56 && lat < 64 && wrapped >= 3 && wrapped < 12) zone = 32;
  if (lat >= 72 && wrapped >= 0 && wrapped < 42) {
    zone = wrapped < 9 ? 31 : wrapped < 21 ? 33 : wrapped < 33 ? 35 : 37;
  }
  return `EPSG:${(lat < 0 ? 32700 : 32600) + zone}`;
}

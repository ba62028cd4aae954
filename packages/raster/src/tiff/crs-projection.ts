import { num, type ProjPart } from './crs-datum.ts';
import { type GeoKeys, KEY } from './geokeys.ts';

/** Where the parameters of a method stand: [PROJ parameter, GeoKeys in order of preference, value when absent]. */
type Parameter = readonly [name: string, keys: readonly number[], fallback: number];

interface Method {
  readonly proj: string;
  readonly parameters: readonly Parameter[];
}

const longitude: Parameter = [
  'lon_0',
  [KEY.ProjNatOriginLong, KEY.ProjFalseOriginLong, KEY.ProjCenterLong, KEY.ProjStraightVertPoleLong],
  0,
];
const latitude: Parameter = ['lat_0', [KEY.ProjNatOriginLat, KEY.ProjFalseOriginLat, KEY.ProjCenterLat], 0];
const parallel1: Parameter = ['lat_1', [KEY.ProjStdParallel1], 0];
const parallel2: Parameter = ['lat_2', [KEY.ProjStdParallel2], 0];
const scale: Parameter = ['k', [KEY.ProjScaleAtNatOrigin, KEY.ProjScaleAtCenter], 1];

/** By ProjMethod code (GeoTIFF 1.1, Annex E.3). */
const methods: Readonly<Record<number, Method>> = {
  1: { proj: 'tmerc', parameters: [latitude, longitude, scale] },
  8: { proj: 'lcc', parameters: [latitude, longitude, parallel1, parallel2] },
  9: { proj: 'lcc', parameters: [['lat_1', latitude[1], 0], latitude, longitude, ['k_0', scale[1], 1]] },
  10: { proj: 'laea', parameters: [latitude, longitude] },
  11: { proj: 'aea', parameters: [latitude, longitude, parallel1, parallel2] },
  12: { proj: 'aeqd', parameters: [latitude, longitude] },
  13: { proj: 'eqdc', parameters: [latitude, longitude, parallel1, parallel2] },
  14: { proj: 'stere', parameters: [latitude, longitude, scale] },
  16: { proj: 'sterea', parameters: [latitude, longitude, scale] },
  17: { proj: 'eqc', parameters: [['lat_ts', [KEY.ProjStdParallel1], 0], latitude, longitude] },
  22: { proj: 'poly', parameters: [latitude, longitude] },
  24: { proj: 'sinu', parameters: [longitude] },
  28: { proj: 'cea', parameters: [['lat_ts', [KEY.ProjStdParallel1], 0], longitude] },
};

const eastings = [KEY.ProjFalseEasting, KEY.ProjFalseOriginEasting];
const northings = [KEY.ProjFalseNorthing, KEY.ProjFalseOriginNorthing];

function keyValue(keys: GeoKeys, ids: readonly number[]): number | undefined {
  for (const id of ids) {
    const value = keys.doubles(id)?.[0];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Mercator: with a standard parallel (variant B) or a scale (variant A). */
function mercator(keys: GeoKeys): Method {
  const isVariantB = keys.doubles(KEY.ProjStdParallel1) !== undefined;
  return {
    proj: 'merc',
    parameters: [longitude, isVariantB ? ['lat_ts', [KEY.ProjStdParallel1], 0] : scale],
  };
}

/**
 * Polar stereographic: GeoTIFF writers put the latitude of true scale where the latitude of origin belongs;
 * the pole is on its side. With a scale other than 1 the latitude is the pole itself (variant A).
 */
function polarStereographic(keys: GeoKeys): ProjPart {
  const trueScale = keyValue(keys, [KEY.ProjNatOriginLat, KEY.ProjStdParallel1]) ?? 90;
  const meridian = keyValue(keys, [KEY.ProjStraightVertPoleLong, KEY.ProjNatOriginLong]) ?? 0;
  const factor = keyValue(keys, [KEY.ProjScaleAtNatOrigin, KEY.ProjScaleAtCenter]) ?? 1;
  const pole = trueScale < 0 ? -90 : 90;
  const middle = Math.abs(trueScale) === 90 ? `+k=${num(factor)}` : `+lat_ts=${num(trueScale)}`;
  if (Math.abs(trueScale) !== 90 && factor !== 1) {
    return { reason: `polar stereographic with latitude ${trueScale} and scale ${factor}` };
  }
  return { proj: `+proj=stere +lat_0=${pole} ${middle} +lon_0=${num(meridian)}` };
}

/**
 * The projection as `+proj=... +x_0 +y_0`, false origins in metres (`toMetre` converts the file's unit).
 * GeoKeys that are missing have their method's neutral value, as in GDAL.
 */
export function projection(keys: GeoKeys, toMetre: number): ProjPart {
  const code = keys.short(KEY.ProjMethod);
  if (code === undefined) return { reason: 'user-defined projection without a method' };
  const x = num((keyValue(keys, eastings) ?? 0) * toMetre);
  const y = num((keyValue(keys, northings) ?? 0) * toMetre);
  if (code === 15) {
    const polar = polarStereographic(keys);
    return polar.proj === undefined ? polar : { proj: `${polar.proj} +x_0=${x} +y_0=${y}` };
  }
  const method = code === 7 ? mercator(keys) : methods[code];
  if (method === undefined) return { reason: `projection method ${code}` };
  const parts = [`+proj=${method.proj}`];
  for (const [name, ids, fallback] of method.parameters) {
    parts.push(`+${name}=${num(keyValue(keys, ids) ?? fallback)}`);
  }
  return { proj: `${parts.join(' ')} +x_0=${x} +y_0=${y}` };
}

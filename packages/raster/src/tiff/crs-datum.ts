import { type GeoKeys, KEY, USER_DEFINED } from './geokeys.ts';

export type ProjPart =
  | { readonly proj: string; readonly reason?: undefined }
  | { readonly proj?: undefined; readonly reason: string };

/** PROJ's own names for the datums it knows, by EPSG geographic CRS and by EPSG datum. */
const datumOfCrs: Readonly<Record<number, string>> = {
  4326: '+datum=WGS84',
  4269: '+datum=NAD83',
  4267: '+datum=NAD27',
  4258: '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0',
  4035: '+R=6371000',
};
const datumOfCode: Readonly<Record<number, string>> = {
  6326: '+datum=WGS84',
  6269: '+datum=NAD83',
  6267: '+datum=NAD27',
  6258: '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0',
};
const ellipsoids: Readonly<Record<number, string>> = {
  7030: '+ellps=WGS84',
  7019: '+ellps=GRS80',
  7004: '+ellps=bessel',
  7008: '+ellps=clrk66',
  7012: '+ellps=clrk80',
  7022: '+ellps=intl',
  7024: '+ellps=krass',
  7001: '+ellps=airy',
  7043: '+ellps=WGS72',
  7036: '+ellps=GRS67',
  7048: '+R=6371000',
};
/** The base CRS without a datum: only the figure of the Earth is known (EPSG 4001 to 4063, "based on the ... ellipsoid"). */
const ellipsoidOfCrs: Readonly<Record<number, number>> = {
  4030: 7030,
  4019: 7019,
  4004: 7004,
  4008: 7008,
  4022: 7022,
};

/** Shortest text that reads back as the same number; numbers of GeoTIFF files are doubles. */
export const num = (value: number): string => (Object.is(value, -0) ? '0' : String(value));

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9 * Math.abs(b);

/** Ellipsoids by their numbers, as PROJ names them. */
const known: readonly (readonly [a: number, invFlattening: number, proj: string])[] = [
  [6378137, 298.257223563, '+ellps=WGS84'],
  [6378137, 298.257222101, '+ellps=GRS80'],
  [6378206.4, 294.978698213898, '+ellps=clrk66'],
  [6377397.155, 299.1528128, '+ellps=bessel'],
  [6378388, 297, '+ellps=intl'],
  [6378245, 298.3, '+ellps=krass'],
];

function ellipsoid(keys: GeoKeys): ProjPart {
  const named = ellipsoids[keys.short(KEY.Ellipsoid) ?? 0];
  if (named !== undefined) return { proj: named };
  const a = keys.doubles(KEY.EllipsoidSemiMajorAxis)?.[0];
  const b = keys.doubles(KEY.EllipsoidSemiMinorAxis)?.[0];
  const inverse = keys.doubles(KEY.EllipsoidInvFlattening)?.[0];
  if (a === undefined) {
    return { reason: `ellipsoid ${keys.short(KEY.Ellipsoid) ?? 'missing'} of a user-defined base CRS` };
  }
  if (!(a > 0 && a < 1e9)) return { reason: `semi-major axis ${a}` };
  if (inverse === 0 || b === a || (inverse === undefined && b === undefined)) return { proj: `+R=${num(a)}` };
  const rf = inverse ?? a / (a - (b ?? 0));
  const match = known.find(([axis, flattening]) => axis === a && near(rf, flattening));
  if (match !== undefined) return { proj: match[2] };
  return { proj: `+a=${num(a)} +rf=${num(rf)}` };
}

/** `+datum` or ellipsoid, shift to WGS 84 and prime meridian of the geodetic part. */
export function baseCrs(keys: GeoKeys): ProjPart {
  const unit = keys.short(KEY.GeogAngularUnits);
  if (unit !== undefined && unit !== 9102 && unit !== USER_DEFINED) return { reason: `angular unit ${unit}` };
  const code = keys.short(KEY.GeodeticCRS) ?? 0;
  const shift = keys.doubles(KEY.ToWgs84);
  const named =
    datumOfCrs[code] ?? (shift === undefined ? datumOfCode[keys.short(KEY.GeodeticDatum) ?? 0] : undefined);
  if (named !== undefined) return { proj: named };
  const figure = ellipsoidOfCrs[code];
  if (code !== 0 && code !== USER_DEFINED && figure === undefined) {
    return { reason: `base CRS EPSG:${code} of a user-defined projection` };
  }
  const shape: ProjPart = figure === undefined ? ellipsoid(keys) : { proj: ellipsoids[figure] ?? '' };
  if (shape.proj === undefined) return shape;
  const parts = [shape.proj];
  if (shift !== undefined && (shift.length === 3 || shift.length === 7)) {
    parts.push(`+towgs84=${shift.map(num).join(',')}`);
  }
  const meridian = keys.doubles(KEY.PrimeMeridianLongitude)?.[0] ?? 0;
  if (meridian !== 0) parts.push(`+pm=${num(meridian)}`);
  return { proj: parts.join(' ') };
}

/** The unit of the projected coordinates; undefined when it is none that PROJ names or that has a size. */
export function lengthUnit(keys: GeoKeys): { readonly proj: string; readonly toMetre: number } | undefined {
  const code = keys.short(KEY.ProjLinearUnits) ?? 9001;
  if (code === 9001) return { proj: '+units=m', toMetre: 1 };
  if (code === 9002) return { proj: '+units=ft', toMetre: 0.3048 };
  if (code === 9003) return { proj: '+units=us-ft', toMetre: 1200 / 3937 };
  const size = keys.doubles(KEY.ProjLinearUnitSize)?.[0];
  if (code !== USER_DEFINED || size === undefined || !(size > 0)) return undefined;
  return size === 1 ? { proj: '+units=m', toMetre: 1 } : { proj: `+to_meter=${num(size)}`, toMetre: size };
}

import type { CrsId } from '@swath/geo';
import { baseCrs, lengthUnit } from './crs-datum.ts';
import { projection } from './crs-projection.ts';
import { type GeoKeys, KEY, USER_DEFINED } from './geokeys.ts';

/** A CRS, or why there is none. */
export type CrsAnswer =
  | { readonly crs: CrsId; readonly reason?: undefined }
  | { readonly crs: null; readonly reason: string };

const none = (reason: string): CrsAnswer => ({ crs: null, reason });

const isEpsg = (code: number | undefined): code is number =>
  code !== undefined && code >= 1024 && code < 32767;

/**
 * GeoKeys as `EPSG:n` where they name one, else a PROJ string of the parameters. Vertical parts of a compound CRS are
 * left out: they do not move pixels. Null, with the reason, for what we cannot express exactly.
 */
export function crsOf(keys: GeoKeys | undefined): CrsAnswer {
  if (keys === undefined) return none('no GeoKeys');
  const projected = keys.short(KEY.ProjectedCRS);
  if (isEpsg(projected)) return { crs: `EPSG:${projected}` };
  const geodetic = keys.short(KEY.GeodeticCRS);
  const model = keys.short(KEY.GTModelType) ?? (projected === USER_DEFINED ? 1 : undefined);
  if (model === 3) return none('geocentric CRS');
  if (model === 1 || projected === USER_DEFINED) return projectedCrs(keys);
  if (model !== 2 && model !== undefined) return none(`GTModelType ${model}`);
  if (isEpsg(geodetic)) return { crs: `EPSG:${geodetic}` };
  const base = baseCrs(keys);
  if (base.proj === undefined) return none(base.reason);
  return { crs: `+proj=longlat ${base.proj} +no_defs` };
}

/** UTM zones of the Projection key: 160zz north, 161zz south. */
function utm(code: number | undefined): { readonly zone: number; readonly south: boolean } | undefined {
  if (code === undefined) return undefined;
  const zone = code % 100;
  const family = Math.floor(code / 100);
  return (family === 160 || family === 161) && zone >= 1 && zone <= 60
    ? { zone, south: family === 161 }
    : undefined;
}

function projectedCrs(keys: GeoKeys): CrsAnswer {
  const base = baseCrs(keys);
  if (base.proj === undefined) return none(base.reason);
  const zone = utm(keys.short(KEY.Projection));
  if (zone !== undefined) {
    if (keys.short(KEY.GeodeticCRS) === 4326) {
      return { crs: `EPSG:${(zone.south ? 32700 : 32600) + zone.zone}` };
    }
    return {
      crs: `+proj=utm +zone=${zone.zone}${zone.south ? ' +south' : ''} ${base.proj} +units=m +no_defs`,
    };
  }
  const unit = lengthUnit(keys);
  if (unit === undefined) {
    return none(`linear unit ${keys.short(KEY.ProjLinearUnits)} of a user-defined projection`);
  }
  const projected = projection(keys, unit.toMetre);
  if (projected.proj === undefined) return none(projected.reason);
  return { crs: `${projected.proj} ${base.proj} ${unit.proj} +no_defs` };
}

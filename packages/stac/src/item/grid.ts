import type { CrsId, Geotransform } from '@swath/geo';
import { maxRasterSide } from '../limits.ts';
import type { AssetGrid } from '../scene.ts';
import { asArray, asNumber, asObject, asText, type JsonObject } from './json.ts';

/**
 * What an Item says about the grid of one asset (projection extension, every version; STAC 0.x `eo:epsg` arrives as
 * `proj:code`). Shape and transform are taken from the same place, the asset's or the Item's: an Item-wide transform
 * with an asset's own shape would be a wrong grid. Undefined unless CRS (EPSG), shape and transform are all there
 * and sound; the file decides in the end.
 */
export function readGrid(asset: JsonObject, properties: JsonObject): AssetGrid | undefined {
  const crs = readCrs(asset) ?? readCrs(properties);
  if (crs === undefined) return undefined;
  const own = asset['proj:shape'] !== undefined || asset['proj:transform'] !== undefined;
  const source = own ? asset : properties;
  const shape = readShape(source['proj:shape']);
  const geotransform = readTransform(source['proj:transform']);
  return shape === undefined || geotransform === undefined ? undefined : { crs, geotransform, ...shape };
}

/** `EPSG:<code>` from proj:code, proj:epsg, proj:projjson or proj:wkt2. Other authorities and plain definitions: undefined. */
function readCrs(fields: JsonObject): CrsId | undefined {
  const code = /^EPSG:(\d{4,6})$/i.exec(asText(fields['proj:code']) ?? '')?.[1];
  if (code !== undefined) return `EPSG:${code}`;
  const epsg = asNumber(fields['proj:epsg']);
  if (epsg !== undefined && Number.isInteger(epsg) && epsg >= 1024 && epsg <= 999_999) return `EPSG:${epsg}`;
  return epsgOfProjjson(fields['proj:projjson']) ?? epsgOfWkt2(asText(fields['proj:wkt2']));
}

function epsgOfProjjson(value: unknown): CrsId | undefined {
  const id = asObject(asObject(value)?.['id']);
  const code = asNumber(id?.['code']);
  return id?.['authority'] === 'EPSG' && code !== undefined ? `EPSG:${code}` : undefined;
}

/** The identifier of the CRS itself is the last one of the text, closed by the CRS' own bracket. */
function epsgOfWkt2(text: string | undefined): CrsId | undefined {
  const code = /(?:ID|AUTHORITY)\["EPSG",\s*"?(\d{4,6})"?\]\s*\]\s*$/i.exec(text?.slice(-200) ?? '')?.[1];
  return code === undefined ? undefined : `EPSG:${code}`;
}

/** proj:shape is [rows, columns]. */
function readShape(value: unknown): { readonly width: number; readonly height: number } | undefined {
  const [height, width] = (asArray(value) ?? []).map(asNumber);
  return isSide(width) && isSide(height) ? { width, height } : undefined;
}

function isSide(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0 && value <= maxRasterSide;
}

/** proj:transform is the affine matrix row by row (6 numbers, or 9 with [0, 0, 1]): `x = t0 * col + t1 * row + t2`. */
function readTransform(value: unknown): Geotransform | undefined {
  const list = asArray(value) ?? [];
  const [a, b, c, d, e, f] = list.map(asNumber);
  if (list.length !== 6 && list.length !== 9) return undefined;
  if (a === undefined || b === undefined || c === undefined) return undefined;
  if (d === undefined || e === undefined || f === undefined || a * e - b * d === 0) return undefined;
  return [c, a, b, f, d, e];
}

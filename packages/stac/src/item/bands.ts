import { maxBandsPerAsset, maxClasses } from '../limits.ts';
import { nameByWavelength } from '../sensor.ts';
import { asArray, asNumber, asObject, asText, corruptField, type JsonObject } from './json.ts';

/** What an Item states about one band of an asset, whichever extension says it. */
export interface StatedBand {
  readonly names: readonly string[];
  readonly nodata?: number | 'nan';
  readonly scale?: number;
  readonly offset?: number;
  readonly unit?: string;
  readonly gsdM?: number;
  readonly classes?: readonly { readonly value: number; readonly name: string }[];
  readonly bits?: readonly { readonly bit: number; readonly length: number; readonly name: string }[];
}

/**
 * Bands of an asset from `bands` (STAC 1.1), `eo:bands`, `raster:bands` (1.0 and before), and fields of the asset
 * itself, which hold for each of its bands. At least one band.
 * @throws Corrupt when a number is none.
 */
export function readBands(asset: JsonObject, pointer: string): readonly StatedBand[] {
  const lists = ['bands', 'eo:bands', 'raster:bands'].map((key) => asArray(asset[key]) ?? []);
  const count = Math.max(1, ...lists.map((list) => list.length));
  if (count > maxBandsPerAsset) throw corruptField(pointer, `has more than ${maxBandsPerAsset} bands`);
  return Array.from({ length: count }, (_, index) => {
    const parts = lists.map((list) => asObject(list[index]) ?? {});
    return readBand([...parts, asset], count === 1 ? pointer : `${pointer}/bands/${index}`);
  });
}

/** The first part that has a field wins: the band's own before the asset's. */
function readBand(parts: readonly JsonObject[], pointer: string): StatedBand {
  const own = parts.slice(0, -1);
  const asset = parts.at(-1) ?? {};
  const pick = (...keys: readonly string[]) => firstOf(parts, keys);
  const names = own.flatMap((part) => [part['name'], part['common_name'], part['eo:common_name']]);
  const common = names.map(asText).filter((name) => name !== undefined);
  const assetCommon = asText(asset['eo:common_name']);
  if (assetCommon !== undefined) common.push(assetCommon);
  const stated =
    own.some((part) => part['common_name'] ?? part['eo:common_name']) || assetCommon !== undefined;
  const centre = asNumber(pick('center_wavelength', 'eo:center_wavelength'));
  const guessed =
    stated || centre === undefined
      ? undefined
      : nameByWavelength(centre, asNumber(pick('full_width_half_max', 'eo:full_width_half_max')));
  if (guessed !== undefined) common.push(guessed);
  return {
    names: [...new Set(common.map((name) => name.toLowerCase()))],
    ...optional('nodata', readNodata(pick('nodata', 'file:nodata'), `${pointer}/nodata`)),
    ...optional('scale', readNumber(pick('raster:scale', 'scale'), `${pointer}/scale`)),
    ...optional('offset', readNumber(pick('raster:offset', 'offset'), `${pointer}/offset`)),
    ...optional('unit', asText(pick('unit'))),
    ...optional('gsdM', positive(pick('gsd', 'eo:gsd', 'raster:spatial_resolution', 'spatial_resolution'))),
    ...optional('classes', readClasses(pick('classification:classes'))),
    ...optional('bits', readBits(pick('classification:bitfields'))),
  };
}

function firstOf(parts: readonly JsonObject[], keys: readonly string[]): unknown {
  for (const part of parts) {
    for (const key of keys) if (part[key] !== undefined && part[key] !== null) return part[key];
  }
  return undefined;
}

function readNumber(value: unknown, pointer: string): number | undefined {
  if (value === undefined) return undefined;
  const number = asNumber(value);
  if (number === undefined) throw corruptField(pointer, 'must be a number');
  return number;
}

/** Numbers, `nan` in any case, and numbers in quotes (seen in STAC 1.0 Items). Infinity is no value a pixel test can use. */
function readNodata(value: unknown, pointer: string): number | 'nan' | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isNaN(value)) return 'nan';
  if (typeof value === 'string' && value.toLowerCase() === 'nan') return 'nan';
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const finite = asNumber(number);
  if (finite === undefined) throw corruptField(pointer, 'must be a number or "nan"');
  return finite;
}

function positive(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}

function readClasses(value: unknown): StatedBand['classes'] {
  const list = asArray(value)
    ?.slice(0, maxClasses)
    .flatMap((entry) => {
      const code = asNumber(asObject(entry)?.['value']);
      const name = asText(asObject(entry)?.['name']) ?? asText(asObject(entry)?.['description']);
      return code === undefined || name === undefined ? [] : [{ value: code, name: name.toLowerCase() }];
    });
  return list === undefined || list.length === 0 ? undefined : list;
}

function readBits(value: unknown): StatedBand['bits'] {
  const list = asArray(value)
    ?.slice(0, maxClasses)
    .flatMap((entry) => {
      const [bit, length] = [asNumber(asObject(entry)?.['offset']), asNumber(asObject(entry)?.['length'])];
      const name = asText(asObject(entry)?.['name']);
      return bit === undefined || length === undefined || name === undefined
        ? []
        : [{ bit, length, name: name.toLowerCase() }];
    });
  return list === undefined || list.length === 0 ? undefined : list;
}

/** `{[key]: value}`, or nothing when the value is undefined (exactOptionalPropertyTypes). */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}

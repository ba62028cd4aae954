import { isSwathError } from '@swath/core';
import { maxAssets } from '../limits.ts';
import type { SceneAsset, UnusableAsset } from '../scene.ts';
import { bandIdIn, type Sensor, sentinel2Bands, spellings } from '../sensor.ts';
import { optional, readBands, type StatedBand } from './bands.ts';
import { parseChecksum } from './checksum.ts';
import { readGrid } from './grid.ts';
import { type ResolvedHref, resolveHref } from './href.ts';
import { asNumber, asObject, asText, asTexts, corruptField, type JsonObject, pointerToken } from './json.ts';

export interface ReadAssets {
  readonly assets: readonly SceneAsset[];
  readonly unusable: readonly UnusableAsset[];
}

/**
 * The assets of a migrated Item that hold pixels (GeoTIFF or JPEG 2000), one entry per band. An asset with a wrong
 * field makes only itself unusable: Planetary Computer has Landsat scenes with one asset that lacks its href.
 */
export function readAssets(item: JsonObject, base: string | undefined, sensor: Sensor): ReadAssets {
  const entries = Object.entries(asObject(item['assets']) ?? {});
  if (entries.length > maxAssets) throw corruptField('/assets', `has more than ${maxAssets} entries`);
  const properties = asObject(item['properties']) ?? {};
  const assets: SceneAsset[] = [];
  const unusable: UnusableAsset[] = [];
  for (const [key, value] of entries) {
    const pointer = `/assets/${pointerToken(key)}`;
    try {
      assets.push(...readAsset(key, value, pointer, { properties, base, sensor }));
    } catch (error) {
      if (!isSwathError(error, 'Corrupt')) throw error;
      unusable.push({ key, reason: error.message });
    }
  }
  return { assets, unusable };
}

interface AssetContext {
  readonly properties: JsonObject;
  readonly base: string | undefined;
  readonly sensor: Sensor;
}

/** The bands of one asset; none when it holds no pixels. @throws Corrupt when a field is wrong or the href refused. */
function readAsset(key: string, value: unknown, pointer: string, context: AssetContext): SceneAsset[] {
  const asset = asObject(value);
  if (asset === undefined) throw corruptField(pointer, 'must be an object');
  const href = asText(asset['href']);
  if (!holdsPixels(asset, href ?? '')) return [];
  if (href === undefined) throw corruptField(`${pointer}/href`, 'must be a text');
  const { chosen, others } = chooseHref(asset, href, context.base);
  if ('refused' in chosen) throw corruptField(`${pointer}/href`, `is refused: ${chosen.refused}`);
  const bands = readBands(asset, pointer);
  const shared = readShared(asset, context.properties, pointer);
  return bands.map((band, index) => ({
    key,
    href: chosen.href,
    bandIndex: index + 1,
    names: bandNames(band, bands.length === 1, index === 0 ? key : undefined, chosen.href, context.sensor),
    ...shared,
    ...optional('alternateHrefs', others.length === 0 ? undefined : others),
    ...optional('gsdM', band.gsdM ?? positive(context.properties['gsd'])),
    ...optional('nodata', band.nodata),
    ...optional('scale', band.scale),
    ...optional('offset', band.offset),
    ...optional('unit', band.unit),
    ...optional('classes', band.classes),
    ...optional('bits', band.bits),
  }));
}

/** Media types in the wild: image/tiff, image/vnd.stac.geotiff, image/x.geotiff, image/geotiff, image/jp2, image/jpeg2000. */
function holdsPixels(asset: JsonObject, href: string): boolean {
  const type = asText(asset['type'])?.toLowerCase();
  if (type !== undefined) return /^image\/.*(tiff|jp2|jpx|jpeg2000)/.test(type);
  return /\.(tiff?|cog|jp2)$/i.test(href.split(/[?#]/, 1)[0] ?? '');
}

/** The asset's own href, or the first usable `alternate` (alternate-assets extension) when that one is refused. */
function chooseHref(
  asset: JsonObject,
  href: string,
  base: string | undefined,
): { readonly chosen: ResolvedHref; readonly others: readonly string[] } {
  const own = resolveHref(href, base);
  const alternates = Object.values(asObject(asset['alternate']) ?? {})
    .map((entry) => asText(asObject(entry)?.['href']))
    .filter((alternate) => alternate !== undefined)
    .map((alternate) => resolveHref(alternate, base))
    .flatMap((resolved) => ('href' in resolved ? [resolved.href] : []));
  if ('href' in own) return { chosen: own, others: alternates.filter((alternate) => alternate !== own.href) };
  const [first, ...others] = alternates;
  return first === undefined ? { chosen: own, others: [] } : { chosen: { href: first }, others };
}

/** What holds for all bands of the asset. */
function readShared(asset: JsonObject, properties: JsonObject, pointer: string) {
  const checksum = asset['file:checksum'];
  if (checksum !== undefined && (typeof checksum !== 'string' || parseChecksum(checksum) === undefined)) {
    throw corruptField(`${pointer}/file:checksum`, 'must be a multihash of a known algorithm in hex');
  }
  const size = asset['file:size'];
  if (size !== undefined && !(Number.isSafeInteger(size) && Number(size) >= 0)) {
    throw corruptField(`${pointer}/file:size`, 'must be a number of bytes');
  }
  return {
    roles: asTexts(asset['roles'] ?? asset['role']).map((role) => role.toLowerCase()),
    ...optional('mediaType', asText(asset['type'])?.toLowerCase()),
    ...optional('grid', readGrid(asset, properties)),
    ...optional('checksum', checksum?.toLowerCase()),
    ...optional('sizeBytes', asNumber(size)),
  };
}

function positive(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}

/**
 * All names of a band, lower case: those the Item states, the asset key, and for Sentinel-2 and Landsat the band id
 * in every spelling (`b04`, `b4`, `sr_b4`), read from key, name or file name, with the common name that goes with it.
 */
function bandNames(
  band: StatedBand,
  single: boolean,
  key: string | undefined,
  href: string,
  sensor: Sensor,
): readonly string[] {
  const names = new Set(key === undefined ? band.names : [key.toLowerCase(), ...band.names]);
  const known = sensor === 'sentinel-2' || sensor === 'landsat' || sensor === 'hls';
  if (!known || (!single && sensor === 'sentinel-2')) return [...names];
  const file = single ? (href.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '') : '';
  for (const text of [...names, file]) {
    const id = bandIdIn(text);
    for (const spelling of id === undefined ? [] : spellings(id)) names.add(spelling);
  }
  if (sensor !== 'sentinel-2') return [...names];
  const row = sentinel2Bands.find(([id]) => names.has(id)) ?? rowByName(names);
  for (const name of row === undefined ? [] : [...row, ...spellings(row[0])]) names.add(name);
  return [...names];
}

/** `rededge` alone names three bands and decides nothing. */
function rowByName(names: ReadonlySet<string>) {
  return sentinel2Bands.find(([, ...others]) => others.some((name) => names.has(name)));
}

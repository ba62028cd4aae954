import { contentHash } from '@swath/core';
import { readAssets } from './item/assets.ts';
import { optional } from './item/bands.ts';
import { parseInstant } from './item/datetime.ts';
import { readFootprint } from './item/footprint.ts';
import { baseOf } from './item/href.ts';
import { asNumber, asObject, asText, asTexts, corruptField, isObject, type JsonObject } from './item/json.ts';
import { migrateItem } from './item/migrate.ts';
import { maxIdLength } from './limits.ts';
import type { Scene } from './scene.ts';
import { sensorOf } from './sensor.ts';

export interface ItemSource {
  /** Id of the provider; `''` for Items named by path or URL. */
  readonly provider: string;
  /** URL or absolute path of the Item: what relative hrefs are resolved against. */
  readonly itemHref?: string;
}

/**
 * A STAC Item of any version (0.6 to 1.1) as a Scene.
 *
 * Kept lenient where real Items are (no `links`, a date without time, unknown extensions), strict where a wrong value
 * would end in wrong pixels. Assets whose href may not be read are listed in `unusable`, never dropped in silence.
 *
 * @throws SwathError Corrupt, with a JSON pointer to the field that is missing or wrong.
 */
export function sceneFromItem(item: unknown, source: ItemSource): Scene {
  checkRequired(item);
  const migrated = migrateItem(item);
  const properties = asObject(migrated['properties']) ?? {};
  const id = readId(migrated['id'], '/id');
  const collection =
    migrated['collection'] === undefined ? '' : readId(migrated['collection'], '/collection');
  const platform = asText(properties['platform']);
  const constellation = asText(properties['constellation']);
  const about = {
    collection,
    id,
    ...optional('platform', platform),
    ...optional('constellation', constellation),
  };
  const base = source.itemHref === undefined ? selfHref(item) : baseOf(source.itemHref);
  const { assets, unusable } = readAssets(migrated, base, sensorOf(about));
  const instruments = asTexts(properties['instruments']);
  return {
    provider: source.provider,
    ...about,
    ...optional('itemHref', source.itemHref ?? base),
    datetime: readDatetime(properties),
    // The bbox is looked at as sent: the migration gives every Item one.
    ...readFootprint(item['geometry'], item['bbox']),
    ...optional('cloudCoverPercent', readCloudCover(properties)),
    ...optional('instruments', instruments.length === 0 ? undefined : instruments),
    assets,
    ...optional('unusable', unusable.length === 0 ? undefined : unusable),
    version: readVersion(item, properties),
    radiometryHints: readHints(properties, id),
  };
}

/** The migration fills in what is missing, so that is looked for before. */
function checkRequired(item: unknown): asserts item is JsonObject {
  if (!isObject(item)) throw corruptField('/', 'is not a JSON object');
  for (const key of ['properties', 'assets']) {
    if (!isObject(item[key]))
      throw corruptField(`/${key}`, item[key] === undefined ? 'is missing' : 'must be an object');
  }
}

function readId(value: unknown, pointer: string): string {
  const text = asText(value);
  if (text === undefined || text.length > maxIdLength) {
    throw corruptField(pointer, `must be a text of 1 to ${maxIdLength} characters`);
  }
  return text;
}

function selfHref(item: JsonObject): string | undefined {
  const links = Array.isArray(item['links']) ? item['links'] : [];
  const self = links.map(asObject).find((link) => link?.['rel'] === 'self');
  const href = asText(self?.['href']);
  return href !== undefined && /^https?:\/\//i.test(href) && URL.canParse(href) ? href : undefined;
}

/** `datetime`, or where it is null the start of the interval (else its end). */
function readDatetime(properties: JsonObject): string {
  for (const key of ['datetime', 'start_datetime', 'end_datetime']) {
    const value = properties[key];
    if (value === undefined || value === null) continue;
    const instant = typeof value === 'string' ? parseInstant(value) : undefined;
    if (instant === undefined) throw corruptField(`/properties/${key}`, 'is not an RFC 3339 date and time');
    checkInterval(properties);
    return instant;
  }
  throw corruptField('/properties/datetime', 'is missing, and so are start_datetime and end_datetime');
}

function checkInterval(properties: JsonObject): void {
  const [start, end] = ['start_datetime', 'end_datetime'].map((key) =>
    parseInstant(asText(properties[key]) ?? ''),
  );
  if (start !== undefined && end !== undefined && start > end) {
    throw corruptField('/properties/end_datetime', 'is before start_datetime');
  }
}

/** Absent is unknown, not 0; -1 is the Landsat ground system's "not computed". */
function readCloudCover(properties: JsonObject): number | undefined {
  const value = properties['eo:cloud_cover'];
  if (value === undefined || value === null || value === -1) return undefined;
  const percent = asNumber(value);
  if (percent === undefined || percent < 0 || percent > 100) {
    throw corruptField('/properties/eo:cloud_cover', 'must be a number from 0 to 100');
  }
  return percent;
}

/** Where none of the fields that change with the Item is there, the sha256 of the Item as sent. */
function readVersion(item: JsonObject, properties: JsonObject): string {
  const keys = ['updated', 'created', 's2:generation_time', 'sentinel2:generation_time', 'version'];
  for (const key of keys) {
    const text = asText(properties[key]);
    if (text !== undefined && text.length <= maxIdLength) return text;
  }
  return contentHash(item);
}

/** Hint made from the product's name where no field states the baseline. */
const baselineFromName = 'the processing baseline in the product name';

const hintKeys = [
  'earthsearch:boa_offset_applied',
  'sentinel:boa_offset_applied',
  's2:processing_baseline',
  's2:product_type',
  'sentinel2:processing_baseline',
  'sentinel:processing_baseline',
  'processing:version',
  'processing:level',
  'landsat:collection_number',
  'landsat:correction',
] as const;

/** A baseline nobody states as a field is still in the name of the product (`..._N0214_...`) or the datatake id. */
function readHints(properties: JsonObject, id: string): Scene['radiometryHints'] {
  const hints: Record<string, string | number | boolean> = {};
  for (const key of hintKeys) {
    const value = properties[key];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      hints[key] = value;
  }
  if (Object.keys(hints).some((key) => key.endsWith(':processing_baseline'))) return hints;
  const names = [properties['s2:product_uri'], properties['sentinel:product_id'], id].map(
    (name) => asText(name) ?? '',
  );
  const baseline = names
    .map((name) => /^S2[A-D]_MSI.*_N(\d\d)(\d\d)_/.exec(name))
    .find((match) => match !== null);
  if (baseline !== undefined) hints[baselineFromName] = `${baseline[1]}.${baseline[2]}`;
  return hints;
}

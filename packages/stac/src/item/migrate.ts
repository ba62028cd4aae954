import create from 'stac-js';
import { asArray, asObject, checkJsonSize, corruptField, isObject, type JsonObject } from './json.ts';

/**
 * An Item of any STAC version (0.6 to 1.1) as a plain Item in the words of STAC 1.1, as far as stac-js knows the way.
 *
 * stac-js' classes stay in this file. Two traps of it are closed here: it changes its input (it gets a copy), and it
 * remembers extension versions from one Item to the next, so that whether `scale` becomes `raster:scale` depends on
 * what was read before: readers of the result must accept both spellings (item/bands.ts does).
 *
 * @throws SwathError Corrupt for anything that is no Item.
 */
export function migrateItem(item: unknown): JsonObject {
  if (!isObject(item)) throw corruptField('/', 'is not a JSON object');
  checkJsonSize(item);
  if (item['type'] !== 'Feature') throw corruptField('/type', `must be "Feature", is ${shown(item['type'])}`);
  const version = item['stac_version'];
  if (version !== undefined && !(typeof version === 'string' && /^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version))) {
    throw corruptField('/stac_version', `is not a version: ${shown(version)}`);
  }
  const extensions = asArray(item['stac_extensions'])?.filter((entry) => typeof entry === 'string') ?? [];
  const copy: JsonObject = structuredClone({ ...item, stac_extensions: extensions });
  for (const part of [copy['properties'], ...Object.values(asObject(copy['assets']) ?? {})])
    keepBadChecksum(part);
  let migrated: unknown;
  try {
    migrated = create(copy, true, true).toJSON();
  } catch (cause) {
    throw Object.assign(corruptField('/', 'cannot be read as a STAC Item of any version'), { cause });
  }
  if (!isObject(migrated)) throw corruptField('/', 'cannot be read as a STAC Item of any version');
  return migrated;
}

/**
 * stac-migrate writes to stderr when the hex of a 0.x checksum is none, and drops the field. Handed over as it is
 * under the new name, the reader refuses it by name.
 */
function keepBadChecksum(part: unknown): void {
  if (!isObject(part)) return;
  const fields: Record<string, unknown> = part;
  for (const key of ['checksum:md5', 'checksum:sha1', 'checksum:sha2', 'checksum:sha3']) {
    const value = fields[key];
    if (value === undefined || (typeof value === 'string' && /^([0-9a-f]{2})+$/i.test(value))) continue;
    fields['file:checksum'] ??= value;
    delete fields[key];
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value)).slice(0, 60);
}

import create from 'stac-js';
import { asArray, checkJsonSize, corruptField, isObject, type JsonObject } from './json.ts';

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
  let migrated: unknown;
  try {
    migrated = create({ ...structuredClone(item), stac_extensions: extensions }, true, true).toJSON();
  } catch (cause) {
    throw Object.assign(corruptField('/', 'cannot be read as a STAC Item of any version'), { cause });
  }
  if (!isObject(migrated)) throw corruptField('/', 'cannot be read as a STAC Item of any version');
  return migrated;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value)).slice(0, 60);
}

import { readFile } from 'node:fs/promises';
import { isSwathError, SwathError } from '@swath/core';
import type { CollectionSummary, Provider } from '@swath/ports';
import { sceneFromItem } from '@swath/stac';
import { asArray, asObject, asText, isObject } from '@swath/stac/item/json';
import { gather } from '../gather.ts';
import { maxItemFileBytes, parallelReads } from '../limits.ts';
import { collectionSummary } from '../stac-api/collections.ts';
import { sharedRuns } from './shared-runs.ts';
import { type JsonFile, jsonFilesBelow } from './walk.ts';

export interface LocalCatalogueOptions {
  readonly id: string;
  /** Absolute path. */
  readonly folder: string;
  /** @default the id */
  readonly title?: string;
}

/** What one file holds; other JSON (statistics, styles) holds nothing. */
interface Content {
  readonly stamp: string;
  readonly items: readonly unknown[];
  readonly collection?: CollectionSummary;
  /** Why the file cannot be read, when it cannot. */
  readonly broken?: string;
}

/**
 * A folder of STAC Items (`*.json` at any depth, one Item or a FeatureCollection each), with file paths resolved
 * beside the Item. Every search looks for changed files; unchanged ones are not read again. What cannot be read is
 * counted in `skipped`.
 */
export function localCatalogue(options: LocalCatalogueOptions): Provider {
  const cache = new Map<string, Content>();

  // Every request looks here at the door, and again when it is ordered: 200 at once are one look, not 200.
  const look = sharedRuns(async (): Promise<readonly (readonly [string, Content])[]> => {
    const files = await jsonFilesBelow(options.folder);
    const paths = new Set(files.map((file) => file.path));
    for (const path of cache.keys()) if (!paths.has(path)) cache.delete(path);
    const changed = files.filter((file) => cache.get(file.path)?.stamp !== file.stamp);
    for (let at = 0; at < changed.length; at += parallelReads) {
      const batch = changed.slice(at, at + parallelReads);
      const read = await Promise.all(batch.map(readContent));
      for (const [index, file] of batch.entries()) {
        const content = read[index];
        if (content === undefined) cache.delete(file.path);
        else cache.set(file.path, content);
      }
    }
    return files.flatMap(({ path }) => {
      const content = cache.get(path);
      return content === undefined ? [] : [[path, content] as const];
    });
  });

  async function contents(signal: AbortSignal | undefined) {
    const found = await look();
    if (signal?.aborted === true) throw new SwathError('Cancelled', 'The search was cancelled.');
    return found;
  }

  return {
    id: options.id,
    title: options.title ?? options.id,
    acquire: 'reference',
    async search(query) {
      const found = gather(options.id, query);
      const broken: { readonly id: string; readonly reason: string }[] = [];
      for (const [path, content] of await contents(query.signal)) {
        if (content.broken !== undefined) broken.push({ id: path, reason: content.broken });
        for (const item of content.items) found.add(item, path);
      }
      const answer = found.answer();
      return { ...answer, skipped: [...broken, ...answer.skipped] };
    },
    async collections(signal) {
      return collectionsOf(await contents(signal));
    },
  };
}

/** undefined when the file vanished between listing and reading. */
async function readContent(file: JsonFile): Promise<Content | undefined> {
  const { stamp } = file;
  if (file.sizeBytes > maxItemFileBytes) {
    return {
      stamp,
      items: [],
      broken: `The file has ${file.sizeBytes} bytes, more than ${maxItemFileBytes}.`,
    };
  }
  let text: string;
  try {
    text = await readFile(file.path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return { stamp, items: [], broken: 'The file cannot be read.' };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { stamp, items: [], broken: 'The file is no JSON.' };
  }
  const type = asObject(json)?.['type'];
  if (type === 'FeatureCollection')
    return { stamp, items: (asArray(asObject(json)?.['features']) ?? []).filter(isItem) };
  if (isItem(json)) return { stamp, items: [json] };
  const isCollection =
    type === 'Collection' || (asObject(json)?.['extent'] !== undefined && type === undefined);
  const collection = isCollection ? collectionSummary(json) : undefined;
  return { stamp, items: [], ...(collection === undefined ? {} : { collection }) };
}

/** Told from plain GeoJSON by what only Items have. */
function isItem(value: unknown): boolean {
  return isObject(value) && value['type'] === 'Feature' && ('assets' in value || 'stac_version' in value);
}

/** Collections that have Items, with the title of their collection.json and the bands of either. */
function collectionsOf(contents: readonly (readonly [string, Content])[]): readonly CollectionSummary[] {
  const bands = new Map<string, Set<string>>();
  for (const [path, { items }] of contents) {
    for (const item of items) {
      const id = asText(asObject(item)?.['collection']) ?? '';
      const names = bands.get(id) ?? new Set<string>();
      bands.set(id, names);
      for (const name of namesOf(item, path)) names.add(name);
    }
  }
  const described = new Map(
    contents.flatMap(([, { collection }]) => (collection ? [[collection.id, collection]] : [])),
  );
  return [...bands]
    .filter(([id]) => id !== '')
    .map(([id, names]) => ({
      description: '',
      title: id,
      ...described.get(id),
      id,
      bands: [...new Set([...(described.get(id)?.bands ?? []), ...names])],
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Band names of an Item; none of one that a search would count as skipped. */
function namesOf(item: unknown, path: string): readonly string[] {
  try {
    const { assets } = sceneFromItem(item, { provider: '', itemHref: path });
    return assets.flatMap((asset) => [asset.key, ...asset.names]);
  } catch (error) {
    if (!isSwathError(error, 'Corrupt')) throw error;
    return [];
  }
}

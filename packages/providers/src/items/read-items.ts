import { isSwathError, SwathError } from '@swath/core';
import { isLocalHref, type Scene, sceneFromItem } from '@swath/stac';
import { asArray, asObject } from '@swath/stac/item/json';
import { addressOf, type BareFile, groupFiles, type NumberedFile, sceneOfFiles } from './bare-files.ts';

export type { BareFile } from './bare-files.ts';

export interface ReadItemsOptions {
  /** Text of a URL or absolute path. Decides itself what it may read and how much. */
  readonly readText: (address: string, options: { readonly signal?: AbortSignal }) => Promise<string>;
  /** Absolute path that relative paths start from. Without it no local path is read at all. */
  readonly localFolder?: string;
  readonly signal?: AbortSignal;
}

/**
 * The scenes of `items` of a request: STAC Items and FeatureCollections by path or URL, and bare GeoTIFFs, files in a
 * row forming one scene until a band name repeats or the datetime changes. In the order given.
 *
 * @throws InvalidInput or the reader's error, with a pointer to the entry (`/items/3`); Corrupt when an Item is
 *   broken: an Item asked for by name is never skipped.
 */
export async function readItems(
  entries: readonly (string | BareFile)[],
  options: ReadItemsOptions,
): Promise<readonly Scene[]> {
  const scenes: Scene[] = [];
  let files: NumberedFile[] = [];
  const flush = () => {
    scenes.push(...groupFiles(files).map(sceneOfFiles));
    files = [];
  };
  for (const [index, entry] of entries.entries()) {
    const pointer = `/items/${index}`;
    if (typeof entry !== 'string') {
      files.push({ index, file: entry, href: addressOf(entry.href, `${pointer}/href`, options.localFolder) });
      continue;
    }
    flush();
    scenes.push(...(await readDocument(entry, pointer, options)));
  }
  flush();
  return scenes;
}

async function readDocument(
  entry: string,
  pointer: string,
  options: ReadItemsOptions,
): Promise<readonly Scene[]> {
  if (/\.(tiff?|jp2|cog)$/i.test(entry.split(/[?#]/, 1)[0] ?? '')) {
    throw new SwathError('InvalidInput', `${pointer} is an image, not a STAC Item.`, {
      pointer,
      fix: 'Name the image with its band: {"href": "...", "band": "red"}.',
    });
  }
  const address = itemAddress(entry, pointer, options.localFolder);
  try {
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const json = parse(await options.readText(address, signal));
    const features =
      asObject(json)?.['type'] === 'FeatureCollection' ? asArray(asObject(json)?.['features']) : [json];
    const scenes = (features ?? []).map((item) => sceneFromItem(item, { provider: '', itemHref: address }));
    if (scenes.length === 0) throw new SwathError('Corrupt', 'The FeatureCollection has no Items.');
    return scenes;
  } catch (error) {
    if (!isSwathError(error) || error.code === 'Cancelled') throw error;
    throw new SwathError(error.code, `${pointer}: ${error.message}`, {
      pointer,
      fix: error.fix ?? 'Check the address: it must lead to the JSON of a STAC Item.',
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      cause: error,
    });
  }
}

/** http is left to the reader, which knows whether it may go to this very machine. */
function itemAddress(entry: string, pointer: string, folder: string | undefined): string {
  if (!isLocalHref(entry) && /^http:\/\//i.test(entry) && URL.canParse(entry)) return new URL(entry).href;
  return addressOf(entry, pointer, folder);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SwathError('Corrupt', 'It is no JSON.', { cause });
  }
}

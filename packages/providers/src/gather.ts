import { isSwathError } from '@swath/core';
import type { SceneQuery, SearchAnswer } from '@swath/ports';
import { type Scene, sceneFromItem } from '@swath/stac';
import { asObject, asText } from '@swath/stac/item/json';
import { maxSkippedKept } from './limits.ts';
import { compareScenes, recheck } from './recheck.ts';

/** Collects the scenes of a search: reads, checks, drops duplicates, counts what cannot be used. */
export interface Gathering {
  /** @returns true when the Item was not seen before, usable or not. */
  add(item: unknown, itemHref: string | undefined): boolean;
  /** One scene more than the limit is there: the answer is known to be cut. */
  isFull(): boolean;
  answer(): SearchAnswer;
}

export function gather(provider: string, query: SceneQuery): Gathering {
  const scenes: Scene[] = [];
  const skipped: { readonly id: string; readonly reason: string }[] = [];
  const seen = new Set<string>();
  let more = 0;
  const skip = (id: string, reason: string) => {
    if (skipped.length < maxSkippedKept) skipped.push({ id, reason });
    else more += 1;
  };
  return {
    add(item, itemHref) {
      const id = idOf(item);
      const key = itemKey(item);
      if (id !== '' && seen.has(key)) return false;
      seen.add(key);
      const scene = readScene(item, { provider, ...(itemHref === undefined ? {} : { itemHref }) });
      if (typeof scene === 'string') {
        skip(id, scene);
        return true;
      }
      const verdict = recheck(item, scene, query);
      if (verdict === 'match') scenes.push(scene);
      else if (verdict !== 'other') skip(id, `Left out, ${verdict.unknown}.`);
      return true;
    },
    isFull: () => scenes.length > query.limit,
    answer: () => ({
      scenes: scenes.slice(0, query.limit).sort(compareScenes),
      skipped: more === 0 ? skipped : [...skipped, { id: '', reason: `And ${more} more Items.` }],
      truncated: scenes.length > query.limit,
    }),
  };
}

const idOf = (item: unknown): string => asText(asObject(item)?.['id'])?.slice(0, 200) ?? '';

/** Equal for one Item that comes twice; ends with a line break when it has no id. */
export const itemKey = (item: unknown): string =>
  `${asText(asObject(item)?.['collection']) ?? ''}\n${idOf(item)}`;

/** The scene, or the reason why the Item is none. */
export function readScene(item: unknown, source: Parameters<typeof sceneFromItem>[1]): Scene | string {
  try {
    return sceneFromItem(item, source);
  } catch (error) {
    if (!isSwathError(error, 'Corrupt')) throw error;
    return error.message;
  }
}

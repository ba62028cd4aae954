import { holds } from '../geometry/predicates.ts';
import { bboxGeometry, shapesOf } from '../geometry/shape.ts';
import type { CollectionFacts } from '../store/types.ts';
import type { SearchQuery } from './query.ts';

/** What collections are chosen by: place and time as in a search of Items, and words. */
export interface CollectionQuery extends Pick<SearchQuery, 'area' | 'datetime'> {
  /** Words or phrases with commas between; one of them is enough. */
  readonly words?: string | undefined;
}

/**
 * Collections whose extent has a place and a time in common with what is asked for, and that hold one of the words in id,
 * title, description or keywords. An extent that is not known matches: it is the world and all of time.
 *
 * https://github.com/stac-api-extensions/collection-search
 */
export function chooseCollections(
  collections: readonly CollectionFacts[],
  { area, datetime, words }: CollectionQuery,
): readonly CollectionFacts[] {
  const wanted = area === undefined ? undefined : shapesOf(area);
  const phrases = (words ?? '')
    .split(',')
    .map((phrase) => phrase.trim().toLowerCase())
    .filter((phrase) => phrase !== '');
  return collections.filter(({ bbox, interval, id, title, description, keywords }) => {
    if (wanted !== undefined && bbox !== undefined) {
      if (holds('s_intersects', wanted, shapesOf(bboxGeometry({ bbox }))) !== true) return false;
    }
    const [first, last] = interval;
    if (isBefore(last, datetime?.start) || isBefore(datetime?.end, first)) return false;
    const text = [id, title, description, ...keywords].join('\n').toLowerCase();
    return phrases.length === 0 || phrases.some((phrase) => text.includes(phrase));
  });
}

/** Open and unknown ends are before nothing. */
function isBefore(a: string | null | undefined, b: string | null | undefined): boolean {
  return typeof a === 'string' && typeof b === 'string' && Date.parse(a) < Date.parse(b);
}

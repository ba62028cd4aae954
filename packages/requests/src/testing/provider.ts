import type { CollectionSummary, Provider, SearchAnswer } from '@swath/ports';
import type { Scene } from '@swath/stac';

export interface TestProvider extends Provider {
  /** Searches so far. */
  searches(): number;
  /** The next searches fail with this, until `answer` is called. */
  fail(error: Error): void;
  answer(scenes: readonly Scene[], more?: Partial<SearchAnswer>): void;
}

/** A catalogue that knows the given scenes and does not filter. */
export function testProvider(scenes: readonly Scene[], id = 'test'): TestProvider {
  let searches = 0;
  let error: Error | undefined;
  let answer: SearchAnswer = { scenes, skipped: [], truncated: false };
  const collections: readonly CollectionSummary[] = [
    { id: 'test-s2', title: 'Test imagery', description: 'Made up.', bands: ['red', 'nir', 'swir16', 'scl'] },
  ];
  return {
    id,
    title: 'Test provider',
    acquire: 'reference',
    async search() {
      searches++;
      if (error !== undefined) throw error;
      return answer;
    },
    async collections() {
      if (error !== undefined) throw error;
      return collections;
    },
    searches: () => searches,
    fail(next) {
      error = next;
    },
    answer(next, more = {}) {
      error = undefined;
      answer = { scenes: next, skipped: [], truncated: false, ...more };
    },
  };
}

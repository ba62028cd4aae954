import { SwathError } from '@swath/core';
import type { Provider } from '@swath/ports';
import { fixedClock } from '@swath/ports/memory/index';
import { describe, expect, it } from 'vitest';
import { providerCollections } from './collections.ts';

/** Waits for the end of its patience, as a client of HTTP does: then it says that it was cancelled. */
const slow: Provider = {
  id: 'slow',
  title: 'Slow catalogue',
  acquire: 'reference',
  search: async () => ({ scenes: [], skipped: [], truncated: false }),
  collections: (signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () =>
        reject(new SwathError('Cancelled', 'The request was cancelled.')),
      );
    }),
};

describe('a provider that does not list its collections in time', () => {
  const collections = () => providerCollections(new Map([[slow.id, slow]]), 'other', fixedClock(0), 20);

  it('is unavailable, by its name, and not cancelled by anybody', async () => {
    await expect(collections().get('slow:s2')).rejects.toMatchObject({
      code: 'Unavailable',
      message: 'Slow catalogue did not list its collections within 20 ms.',
    });
  });

  it('is told beside the lists of the others', async () => {
    expect((await collections().list()).silent).toEqual([
      { provider: 'slow', reason: 'Slow catalogue did not list its collections within 20 ms.' },
    ]);
  });
});

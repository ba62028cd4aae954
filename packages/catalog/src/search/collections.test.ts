import { describe, expect, it } from 'vitest';
import type { CollectionFacts } from '../store/types.ts';
import { chooseCollections } from './collections.ts';
import { parseSearch } from './parse.ts';

const facts = (id: string, over: Partial<CollectionFacts> = {}): CollectionFacts => ({
  id,
  title: id,
  description: 'Imagery.',
  license: 'other',
  keywords: [],
  bands: [],
  interval: [null, null],
  ...over,
});

const collections = [
  facts('s2', {
    title: 'Sentinel-2',
    keywords: ['reflectance'],
    interval: ['2015-06-27T00:00:00Z', null],
  }),
  facts('fiji', { bbox: [177, -19, -179, -16], interval: ['2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'] }),
  facts('valley', { bbox: [10, 48, 11, 49], description: 'An invented valley.' }),
];

describe('collections', () => {
  it.each([
    [{}, undefined, ['s2', 'fiji', 'valley']],
    [{ bbox: [10.4, 48.4, 10.5, 48.5] }, undefined, ['s2', 'valley']],
    [{ bbox: [179.5, -18, -179.5, -17] }, undefined, ['s2', 'fiji']],
    [{ bbox: [0, 0, 1, 1] }, undefined, ['s2']],
    [{ datetime: '2014-01-01T00:00:00Z' }, undefined, ['valley']],
    [{ datetime: '2020-06-01T00:00:00Z/..' }, undefined, ['s2', 'fiji', 'valley']],
    [{ datetime: '2022-06-01T00:00:00Z/..' }, undefined, ['s2', 'valley']],
    [{}, 'SENTINEL', ['s2']],
    [{}, 'invented valley, reflectance', ['s2', 'valley']],
    [{}, ' , ', ['s2', 'fiji', 'valley']],
    [{}, 'nothing of it', []],
  ])('by %j and the words %j are %j', (input, words, expected) => {
    const chosen = chooseCollections(collections, { ...parseSearch(input), words });
    expect(chosen.map(({ id }) => id)).toEqual(expected);
  });
});

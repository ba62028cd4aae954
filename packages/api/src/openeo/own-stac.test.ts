import { expect, it } from 'vitest';
import { withOwnStac } from './own-stac.ts';

const load = (url: string) => ({
  process_graph: { l: { process_id: 'load_stac', arguments: { url, bands: ['red'] } } },
});

it('makes our own collections relative, and leaves everything else as it is', () => {
  const base = 'https://swath.example';
  expect(withOwnStac({ process: load(`${base}/collections/s2`) }, base)).toEqual({
    process: load('/collections/s2'),
  });
  const other = { title: `${base}/collections/s2`, process: load('https://other.example/collections/s2') };
  expect(withOwnStac(other, base)).toEqual(other);
  expect(withOwnStac(null, base)).toBeNull();
});

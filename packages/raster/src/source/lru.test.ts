import { describe, expect, it } from 'vitest';
import { lru } from './lru.ts';

describe('what is kept', () => {
  it('is what was used last, up to the budget, and what goes is told', () => {
    const dropped: string[] = [];
    const cache = lru<string>(10, (value) => dropped.push(value));
    cache.set('a', 'A', 4);
    cache.set('b', 'B', 4);
    cache.get('a');
    cache.set('c', 'C', 4);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['A', undefined, 'C']);
    expect(dropped).toEqual(['B']);
  });

  it('can be more once the budget is raised, and never less', () => {
    const cache = lru<string>(10);
    cache.set('large', 'L', 20);
    expect(cache.get('large')).toBeUndefined();
    cache.raise(40);
    cache.raise(5);
    cache.set('large', 'L', 20);
    cache.set('other', 'O', 20);
    expect([cache.get('large'), cache.get('other')]).toEqual(['L', 'O']);
  });
});

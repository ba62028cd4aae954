import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHILD_S, RETRY_CHILDREN } from '../limits.ts';
import { childCount, chunkSeconds, chunksOfChild, chunksPerChild } from './children.ts';

const input = fc
  .record({
    chunksTotal: fc.integer({ min: 1, max: 10_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    inputBytes: fc.integer({ min: 0, max: 1e13 }),
    try: fc.constantFrom('first' as const, 'again' as const),
  })
  .map(({ share, ...rest }) => ({ ...rest, todo: Math.max(1, Math.round(share * rest.chunksTotal)) }));

describe('children of a process job', () => {
  it('make every chunk once, in an array that Batch takes', () => {
    fc.assert(
      fc.property(input, (one) => {
        const chunks = Array.from({ length: one.todo }, (_, i) => 3 * i);
        const work = { chunks, perChild: chunksPerChild(one) };
        const children = childCount(work);
        expect(children).toBeGreaterThanOrEqual(1);
        expect(children).toBeLessThanOrEqual(10_000);
        const made = Array.from({ length: children }, (_, index) => chunksOfChild(work, index));
        expect(made.flat()).toEqual(chunks);
        for (const run of made) expect(run.length).toBeGreaterThan(0);
        expect(chunksOfChild(work, children)).toEqual([]);
      }),
    );
  });

  it('work for one to three minutes at a first try, where there is as much to do and chunks are small', () => {
    fc.assert(
      fc.property(fc.integer({ min: 240, max: 10_000 }), fc.integer({ min: 0, max: 25e6 }), (todo, bytes) => {
        const one = { todo, chunksTotal: todo, inputBytes: todo * bytes, try: 'first' } as const;
        const seconds = chunkSeconds(bytes);
        const longest = chunksPerChild(one) * seconds;
        expect(longest).toBeGreaterThanOrEqual(60);
        expect(longest).toBeLessThanOrEqual(1.5 * CHILD_S + seconds);
      }),
    );
  });

  it('are one for a tile, fifty-five for 82 tiles, and as many as chunks when each takes minutes', () => {
    const tile = { todo: 121, chunksTotal: 121, inputBytes: 250e6, try: 'first' } as const;
    expect(chunksPerChild(tile)).toBe(121);
    const many = { todo: 9922, chunksTotal: 9922, inputBytes: 82 * 250e6, try: 'first' } as const;
    expect(childCount({ chunks: Array(9922).fill(0), perChild: chunksPerChild(many) })).toBe(55);
    expect(chunksPerChild({ ...tile, inputBytes: 121 * 1e9 })).toBe(1);
  });

  it('are alone with a chunk that was left undone, and few together when many were', () => {
    const again = { chunksTotal: 9922, inputBytes: 82 * 250e6, try: 'again' } as const;
    expect(chunksPerChild({ ...again, todo: RETRY_CHILDREN })).toBe(1);
    expect(chunksPerChild({ ...again, todo: 5 * RETRY_CHILDREN })).toBe(5);
  });
});

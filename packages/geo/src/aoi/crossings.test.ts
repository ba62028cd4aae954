import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { box, polygon, refusal } from '../aoi.fixture.ts';
import { parseAoi } from '../aoi.ts';
import type { LonLat } from '../types.ts';
import { edgeRelation } from './crossings.ts';
import { orientation, placeInRing } from './orientation.ts';

describe('the search for crossings', () => {
  const small = fc.integer({ min: 0, max: 6 });
  const point = fc.tuple(small, small);

  /** Whether any two edges that are no neighbours meet, or neighbours meet in more than their common end. */
  function crossesBruteForce(ring: readonly LonLat[]): boolean {
    const n = ring.length - 1;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const relation = edgeRelation(ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!);
        const neighbours = j === i + 1 || (i === 0 && j === n - 1);
        if (relation === 'cross' || relation === 'overlap' || (relation === 'touch' && !neighbours))
          return true;
      }
    }
    return false;
  }

  it('agrees with a comparison of all pairs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(point, { minLength: 3, maxLength: 8, selector: String }), (corners) => {
        const ring = [...corners, corners[0]!];
        fc.pre(corners.some((corner) => orientation(corners[0]!, corners[1]!, corner) !== 0));
        const wrong = crossesBruteForce(ring);
        if (wrong) expect(refusal(polygon(ring)).code).toBe('InvalidInput');
        else expect(parseAoi(polygon(ring)).clip).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('decides the side of nearly collinear points exactly', () => {
    const a: LonLat = [0.5, 0.5];
    const b: LonLat = [12, 12];
    const c: LonLat = [24, 24];
    expect(orientation(a, b, c)).toBe(0);
    for (const ulps of [1, 2, 5]) {
      const up: LonLat = [0.5, 0.5 + ulps * 2 ** -53 * 2];
      expect(orientation(up, b, c)).toBe(-orientation([0.5 + ulps * 2 ** -53 * 2, 0.5], b, c));
      expect(orientation(up, b, c)).not.toBe(0);
    }
  });

  it('places points on the boundary, inside and outside', () => {
    const ring = box(0, 0, 2, 2);
    expect(placeInRing([1, 1], ring)).toBe('inside');
    expect(placeInRing([2, 1], ring)).toBe('boundary');
    expect(placeInRing([0, 0], ring)).toBe('boundary');
    expect(placeInRing([3, 0], ring)).toBe('outside');
    expect(placeInRing([-1, 2], ring)).toBe('outside');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quadkey } from './quadkey.ts';

describe('a quadkey', () => {
  it('is that of the tile: (3, 5) of level 3 is 213 (Bing Maps Tile System)', () => {
    // The middle of column 3 of 8, and a latitude in row 5 of 8.
    expect(quadkey(-22.5, -54, 3)).toBe('213');
  });

  it('begins with that of the larger cell, and is one of the map everywhere', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -90, max: 90, noNaN: true }),
        (lon, lat) => {
          const key = quadkey(lon, lat);
          expect(key).toMatch(/^[0-3]{12}$/);
          expect(key.startsWith(quadkey(lon, lat, 7))).toBe(true);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pyramidLevels } from './pyramid.ts';
import { unitsOf } from './units.ts';

describe('units', () => {
  it('cover every pixel once, whatever the size of image and blocks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom(16, 32),
        (width, height, blockSize) => {
          const [full] = pyramidLevels(width, height, blockSize, 'halves');
          const seen = new Uint8Array(width * height);
          for (const { window } of unitsOf(full!, blockSize)) {
            for (let y = window.y; y < window.y + window.height; y++) {
              for (let x = window.x; x < window.x + window.width; x++) seen[y * width + x]!++;
            }
          }
          return seen.every((times) => times === 1);
        },
      ),
    );
  });

  it('come in Z order: the four below one tile of the second overview follow each other', () => {
    const [full] = pyramidLevels(16 * 16, 16 * 16, 16, 'halves');
    const units = unitsOf(full!, 16);
    expect(units.length).toBe(64);
    for (let i = 0; i < units.length; i += 4) {
      const parents = units.slice(i, i + 4).map(({ column, row }) => `${column >> 1}/${row >> 1}`);
      expect(new Set(parents).size).toBe(1);
    }
  });
});

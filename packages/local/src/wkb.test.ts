import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWkbPolygons } from './wkb.ts';

/** A triangle with these dimensions; little-endian. */
function triangle(type: number, dimensions: number): Uint8Array {
  const points = [
    [0, 0],
    [2, 0],
    [0, 1],
    [0, 0],
  ];
  const view = new DataView(new ArrayBuffer(13 + points.length * dimensions * 8));
  view.setUint8(0, 1);
  view.setUint32(1, type, true);
  view.setUint32(5, 1, true);
  view.setUint32(9, points.length, true);
  points.forEach((point, i) => {
    for (let d = 0; d < dimensions; d++) view.setFloat64(13 + (i * dimensions + d) * 8, point[d] ?? 99, true);
  });
  return new Uint8Array(view.buffer);
}

describe('well-known binary', () => {
  it.each([
    ['plain', 3, 2],
    ['ISO Z', 1003, 3],
    ['ISO ZM', 3003, 4],
    ['EWKB Z', 0x80000003, 3],
    ['EWKB M', 0x40000003, 3],
  ])('polygons, %s, lose heights and measures', (_, type, dimensions) => {
    expect(readWkbPolygons(triangle(type, dimensions))).toEqual([
      [
        [
          [0, 0],
          [2, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    ]);
  });

  it('that lies about its lengths is Corrupt, never a crash or a hang', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(12), fc.nat(255), (random, at, value) => {
        const mutant = triangle(3, 2);
        mutant[at] = value;
        for (const bytes of [random, mutant]) {
          try {
            readWkbPolygons(bytes);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^(Corrupt|InvalidInput)$/) });
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

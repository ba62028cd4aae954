import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Places, settlePlaces } from './places.ts';

const lengthsOf = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });

/** Tiles as they were written, moved and cleared: byte `tile + 1` for a tile, 0 for nothing, 255 for what goes before. */
function fileOf(lengths: readonly number[], reserved: number, front: number, places: Places): Uint8Array {
  const written = reserved + lengths.reduce((a, b) => a + b, 0);
  const file = new Uint8Array(Math.max(written, places.end));
  let at = reserved;
  for (const [tile, length] of lengths.entries()) {
    file.fill(tile + 1, at, at + length);
    at += length;
  }
  if (places.move !== null) {
    const { from, to, length } = places.move;
    // Copied in pieces: they must not overlap.
    expect(Math.min(from, to) + length).toBeLessThanOrEqual(Math.max(from, to));
    file.set(file.slice(from, from + length), to);
  }
  file.fill(0, places.gap.from, places.gap.to);
  file.fill(255, 0, front);
  return file.slice(0, places.end);
}

describe('the places of tiles that were written before the size of what precedes them was known', () => {
  it('hold each tile, whole, behind what precedes them, with less than a tile of waste', () => {
    fc.assert(
      fc.property(lengthsOf, fc.nat(600), fc.nat(600), (lengths, reserved, front) => {
        const places = settlePlaces(Float64Array.from(lengths), reserved, front);
        const file = fileOf(lengths, reserved, front, places);
        for (const [tile, length] of lengths.entries()) {
          const start = places.starts[tile]!;
          expect(start).toBeGreaterThanOrEqual(front);
          expect([...file.subarray(start, start + length)]).toEqual(new Array(length).fill(tile + 1));
        }
        const used = front + lengths.reduce((a, b) => a + b, 0);
        expect(places.end).toBe(file.length);
        expect(places.end - used).toBeLessThan(Math.max(...lengths));
        expect(file.filter((byte) => byte === 0)).toHaveLength(places.end - used);
      }),
    );
  });

  it('are those that were written when the guess was right', () => {
    const places = settlePlaces(Float64Array.of(3, 4, 5), 100, 100);
    expect(places).toEqual({
      starts: Float64Array.of(100, 103, 107),
      move: null,
      gap: { from: 100, to: 100 },
      end: 112,
    });
  });
});

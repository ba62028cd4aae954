import { describe, expect, it } from 'vitest';
import { box, coast, polygon, refusal } from '../aoi.fixture.ts';
import { parseAoi } from '../aoi.ts';
import type { LonLat } from '../types.ts';

describe('hostile areas', () => {
  it('of a million vertices are refused before anything is looked at', () => {
    const ring = Array.from({ length: 1_000_000 }, () => null);
    const start = performance.now();
    const error = refusal(polygon(ring));
    expect(performance.now() - start).toBeLessThan(250);
    expect(error.code).toBe('LimitExceeded');
    expect(error.pointer).toBe('/aoi/coordinates');
    expect(error.message).toContain('10,000');
  });

  it('of 10,000 vertices are checked in time', () => {
    parseAoi(polygon(coast(2000)));
    const start = performance.now();
    parseAoi(polygon(coast(9999)));
    // Measured 40 ms; the naive comparison of all pairs takes seconds.
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('of thousands of long teeth stop at the limit of pairs', () => {
    const teeth = Array.from({ length: 4990 }, (_, i): LonLat[] => [
      [i * 1e-4, 0],
      [i * 1e-4 + 0.50005, 1],
    ]).flat();
    const ring: LonLat[] = [...teeth, [2, 1.5], [-1, 1.5], teeth[0]!];
    const error = refusal(polygon(ring));
    expect(error.code).toBe('LimitExceeded');
    expect(error.message).toContain('tangled');
  });

  it('of a thousand holes are checked in time', () => {
    const holes = Array.from({ length: 1900 }, (_, i) => {
      const [x, y] = [1 + (i % 44) * 0.1, 1 + Math.floor(i / 44) * 0.1];
      return box(x, y, x + 0.05, y + 0.05);
    });
    const start = performance.now();
    expect(parseAoi(polygon(box(0, 0, 8, 8), ...holes)).areaKm2).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

import { describe, expect, it } from 'vitest';
import { cryptoRandom, fixedClock, seededRandom } from './index.ts';

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('Random', () => {
  it.each([
    ['cryptoRandom', cryptoRandom()],
    ['seededRandom', seededRandom(1, fixedClock(Date.parse('2026-11-21T00:00:00Z')))],
  ])('%s makes UUIDv7 that sort as they were made, and fractions in [0, 1)', (_, random) => {
    const ids = Array.from({ length: 2_000 }, () => random.id());
    expect(ids.every((id) => version7.test(id))).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    const fractions = Array.from({ length: 2_000 }, () => random.fraction());
    expect(fractions.every((f) => f >= 0 && f < 1)).toBe(true);
    const mean = fractions.reduce((sum, f) => sum + f, 0) / fractions.length;
    // Standard error of the mean is 0.0065: seven of them.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.045);
  });

  it.each([
    ['cryptoRandom', cryptoRandom()],
    ['seededRandom', seededRandom(1, fixedClock(0))],
  ])('%s makes secrets of 256 bits that have nothing in common', (_, random) => {
    const secrets = Array.from({ length: 100 }, () => Buffer.from(random.secret(), 'base64url'));
    expect(secrets.every(({ length }) => length === 32)).toBe(true);
    for (let at = 0; at < 32; at++) {
      expect(new Set(secrets.map((secret) => secret[at])).size).toBeGreaterThan(50);
    }
  });

  it('repeats itself for the same seed, and only then', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed, fixedClock(1_000));
      return [random.id(), random.fraction(), random.id()];
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });
});

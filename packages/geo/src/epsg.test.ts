import { describe, expect, it } from 'vitest';
import { epsgDefinition, listedDefinition } from './epsg.ts';

const utm = Array.from({ length: 60 }, (_, i) => i + 1).flatMap((zone) => [32600 + zone, 32700 + zone]);

describe('EPSG definitions', () => {
  it.each([4326, 3857, ...utm])('that are at hand are the list’s own words: %i', (code) => {
    expect(epsgDefinition(code)).toBe(listedDefinition(code));
    expect(epsgDefinition(code)).toMatch(/^\+proj=/);
  });

  it('that are not come from the list', () => {
    expect(epsgDefinition(3035)).toContain('+proj=laea');
    expect(epsgDefinition(1_234_567)).toBeUndefined();
  });
});

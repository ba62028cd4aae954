import { describe, expect, it } from 'vitest';
import { originsOf } from './origins.ts';

describe('SWATH_ORIGINS', () => {
  it('names origins, with commas between; none when it is not there', () => {
    expect(originsOf({})).toEqual([]);
    expect(originsOf({ SWATH_ORIGINS: '' })).toEqual([]);
    expect(originsOf({ SWATH_ORIGINS: 'https://editor.openeo.org, http://localhost:8080' })).toEqual([
      'https://editor.openeo.org',
      'http://localhost:8080',
    ]);
  });

  it.each(['*', 'editor.openeo.org', 'https://editor.openeo.org/', 'file:///a', 'null'])(
    'refuses %s',
    (wish) => {
      expect(() => originsOf({ SWATH_ORIGINS: wish })).toThrow('SWATH_ORIGINS');
    },
  );
});

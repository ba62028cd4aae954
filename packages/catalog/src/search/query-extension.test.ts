import { describe, expect, it } from 'vitest';
import { compileFilter } from '../cql2/compile.ts';
import { parseJson } from '../cql2/parse-json.ts';
import { filterOfQuery } from './query-extension.ts';

/** Does an Item with these properties match? */
function matches(query: unknown, properties: Readonly<Record<string, string | number | boolean>>): boolean {
  const filter = filterOfQuery(query);
  if (filter === undefined) return true;
  const value = (name: string) => properties[name.replace(/^properties\./, '')] ?? null;
  return compileFilter(parseJson(filter))(value) === true;
}

describe('the Query extension', () => {
  it.each([
    [{ 'eo:cloud_cover': { lt: 20 } }, true],
    [{ 'eo:cloud_cover': { lt: 10 } }, false],
    [{ 'eo:cloud_cover': { gte: 10, lte: 10 } }, true],
    [{ 'eo:cloud_cover': { gt: 10 } }, false],
    [{ 'eo:cloud_cover': { lt: 20 }, platform: { neq: 'sentinel-2b' } }, true],
    [{ platform: { eq: 'sentinel-2b' } }, false],
    [{ platform: { in: ['sentinel-2a', 'sentinel-2c'] } }, true],
    [{ platform: { startsWith: 'sentinel' } }, true],
    [{ platform: { endsWith: '2b' } }, false],
    [{ platform: { contains: 'nel-' } }, true],
    [{ grid: { contains: '_' } }, false],
    [{ grid: { contains: '%' } }, true],
    [{ 'properties.eo:cloud_cover': { eq: 10 } }, true],
    [{ absent: { lt: 1 } }, false],
    [{ 'eo:cloud_cover': { lt: '20' } }, true],
    [{ 'eo:cloud_cover': { lt: '9.5' } }, false],
    [{ 'eo:cloud_cover': { neq: '10' } }, false],
    [{ 'eo:cloud_cover': { neq: '11' } }, true],
    [{ orbit: { eq: '065' } }, true],
    [{ orbit: { eq: '65' } }, false],
    [{}, true],
  ])('%j matches: %s', (query, expected) => {
    expect(matches(query, { 'eo:cloud_cover': 10, platform: 'sentinel-2a', grid: '5%', orbit: '065' })).toBe(
      expected,
    );
  });

  it.each([
    [['eo:cloud_cover<10'], '/query'],
    [{ 'eo:cloud_cover': 10 }, '/query/eo:cloud_cover'],
    [{ 'a/b': { near: 10 } }, '/query/a~1b/near'],
    [{ a: { lt: [1] } }, '/query/a/lt'],
    [{ a: { in: 1 } }, '/query/a/in'],
    [{ a: { contains: 1 } }, '/query/a/contains'],
  ])('refuses %j at %s, with what to do', (query, pointer) => {
    expect(() => filterOfQuery(query)).toThrow(
      expect.objectContaining({ code: 'InvalidInput', pointer, fix: expect.any(String) }),
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { compileFilter } from './compile.ts';
import { readGeoPackage } from './geopackage.fixture.ts';
import { parseJson } from './parse-json.ts';
import { parseText } from './parse-text.ts';
import { printText } from './print-text.ts';
import { jsonValue } from './values.ts';

const folder = sharedPath('data', '06-cql2-search');
if (folder === undefined) console.warn('skipped: no shared data (the official CQL2 tests)');
const text = (...path: readonly string[]) => readFileSync(join(folder ?? '', ...path), 'utf8');

interface CountCase {
  readonly data_source: string;
  readonly filter: string;
  readonly expected_count: number;
}

/**
 * Two counts contradict the suite's own data, whose names that begin with "Ch" are Chișinău, Chicago and Chengdu: they are
 * what this filter finds, not what the suite says.
 */
const errata: Readonly<Record<string, number>> = {
  "ACCENTI(name) LIKE accenti('Ch%')": 3,
  "ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))": 1,
};

/** Items of the data set for which a filter is true. */
function count(records: readonly Readonly<Record<string, unknown>>[], filter: string): number {
  const { expression, positions } = parseText(filter);
  const predicate = compileFilter(expression, positions);
  return records.filter((record) => predicate((name) => jsonValue(record[name])) === true).length;
}

describe.skipIf(folder === undefined)('the official CQL2 tests', () => {
  const cases: readonly CountCase[] = folder ? JSON.parse(text('ogc-cql2-ats-counts.json')) : [];
  const records = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  const of = (table: string) => {
    const known = records.get(table) ?? readGeoPackage(join(folder ?? '', 'ne110m4cql2.gpkg'), table);
    records.set(table, known);
    return known;
  };

  it('gives the exact count for the 246 predicates of the abstract test suite, but two that contradict its data', () => {
    const wrong = cases
      .map((test) => ({ ...test, found: count(of(test.data_source), test.filter) }))
      .filter((test) => test.found !== (errata[test.filter] ?? test.expected_count));
    expect(cases).toHaveLength(246);
    expect(wrong).toEqual([]);
  });

  it('reads what it prints, and what JSON carries, as the same expression', () => {
    const wrong = cases.filter((test) => {
      const { expression } = parseText(test.filter);
      const again = parseText(printText(parseJson(JSON.parse(JSON.stringify(expression))))).expression;
      return JSON.stringify(again) !== JSON.stringify(expression);
    });
    expect(wrong).toEqual([]);
  });

  it('reads the 161 text and JSON pairs as the same expression, and prints their text', () => {
    const vectors = JSON.parse(text('cql2-text-json-vectors.json')) as {
      name: string;
      input_language: string;
      input: string;
      text: string;
      json: unknown;
    }[];
    expect(vectors).toHaveLength(161);
    for (const { name, input_language, input, text: printed, json } of vectors) {
      const found =
        input_language === 'cql2-text' ? parseText(input).expression : parseJson(JSON.parse(input));
      expect([name, found]).toEqual([name, json]);
      expect([name, printText(found)]).toEqual([name, printed]);
      expect([name, parseText(printed).expression]).toEqual([name, json]);
    }
  });

  it('evaluates every expression of the abstract test suite and of the operator tests', () => {
    const data = text('cql2testdata.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const named = text('ats-expressions.txt')
      .split('\n')
      .filter((line) => line.includes('|') && !line.startsWith('#'))
      .map((line) => line.slice(line.indexOf('|') + 1));
    const operators = text('operators_tests.txt')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('//'));
    expect([named.length, operators.length]).toMatchInlineSnapshot(`
      [
        109,
        159,
      ]
    `);
    const counts = [...named, ...operators].map((filter) => [filter.slice(0, 120), count(data, filter)]);
    expect(Object.fromEntries(counts)).toMatchSnapshot();
  });

  it('agrees with itself: what is not within, is not; what is disjoint does not intersect', () => {
    const places = of('ne_110m_admin_0_countries');
    const box = 'BBOX(0,40,10,50)';
    expect(count(places, `S_INTERSECTS(geom,${box})`) + count(places, `S_DISJOINT(geom,${box})`)).toBe(177);
    expect(count(places, `S_WITHIN(geom,${box})`)).toBe(count(places, `S_CONTAINS(${box},geom)`));
  });
});

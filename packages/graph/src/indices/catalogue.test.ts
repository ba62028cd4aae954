import { readFileSync } from 'node:fs';
import { bandsOf, evaluate, parseExpression } from '@swath/raster/expression/index';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { findIndex, indices } from './catalogue.ts';

const known = [
  ...['coastal', 'blue', 'green', 'red', 'rededge1', 'rededge2', 'rededge3'],
  ...['nir', 'nir08', 'swir16', 'swir22'],
];

describe('the index catalogue', () => {
  it('has unique names and aliases, in any case', () => {
    const names = indices
      .flatMap(({ name, aliases = [] }) => [name, ...aliases])
      .map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(findIndex(name.toUpperCase())).toBe(findIndex(name));
  });

  it.each(indices.map((index) => [index.name, index] as const))(
    '%s can be computed and shown',
    (_, index) => {
      const bands = bandsOf(parseExpression(index.formula));
      expect(bands.filter((band) => !known.includes(band))).toEqual([]);
      expect(index.range[0]).toBeLessThan(index.range[1]);
      expect(index.reference).toMatch(/^https:\/\//);
      expect(index.title.length).toBeGreaterThan(10);
    },
  );
});

const file = sharedPath('data', '05-spectral-indices', 'expected-values.json');
if (file === undefined) console.warn('skipped: no shared data (spectral index values)');

/** Numbers, and `NaN`, `Infinity`, `-Infinity` as text. */
type JsonNumber = number | string;

interface Expected {
  readonly inputs: readonly {
    readonly name: string;
    readonly values: Readonly<Record<string, JsonNumber>>;
  }[];
  readonly indices: Readonly<Record<string, { readonly expected: readonly JsonNumber[] }>>;
}

/** Band letters of Awesome Spectral Indices. */
const letters: Readonly<Record<string, string>> = {
  coastal: 'A',
  blue: 'B',
  green: 'G',
  red: 'R',
  rededge1: 'RE1',
  rededge2: 'RE2',
  rededge3: 'RE3',
  nir: 'N',
  nir08: 'N2',
  swir16: 'S1',
  swir22: 'S2',
};

/** Their names where ours differ. */
const theirs: Readonly<Record<string, string>> = { NDRE: 'NDREI', BSI: 'BI' };

describe.skipIf(file === undefined)('index values', () => {
  const data: Expected | undefined = file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'));
  const shared = indices.filter(({ name }) => data?.indices[theirs[name] ?? name] !== undefined);

  function ourValues(formula: string): Float32Array {
    const inputs = data?.inputs ?? [];
    const bands = Object.fromEntries(
      known.map((band) => [
        band,
        Float32Array.from(inputs, ({ values }) => Number(values[letters[band] ?? ''])),
      ]),
    );
    return evaluate(parseExpression(formula), bands, inputs.length);
  }

  it('cover a good part of the catalogue', () => {
    expect(shared.length).toBeGreaterThan(25);
  });

  it.each(shared.map((index) => [index.name, index] as const))(
    '%s equals the published catalogue',
    (name, index) => {
      const expected = data?.indices[theirs[name] ?? name]?.expected.map(Number) ?? [];
      const ours = ourValues(index.formula);
      expected.forEach((wanted, i) => {
        const got = ours[i] ?? Number.NaN;
        if (Number.isFinite(wanted) && Number.isFinite(got)) {
          // Single precision: differences of nearly equal bands keep about four digits.
          expect(Math.abs(got - wanted)).toBeLessThan(2e-4 * Math.max(1, Math.abs(wanted)));
        } else {
          expect(Number.isFinite(got)).toBe(Number.isFinite(wanted));
        }
      });
    },
  );

  it('computes kNDVI as its kernels do', () => {
    const ours = ourValues(findIndex('kNDVI').formula);
    data?.inputs.forEach(({ name, values }, i) => {
      // The edge cases change bands and keep the kernels of the pixel they were made from.
      if (name.startsWith('edge')) return;
      const [nn, nr] = [Number(values['kNN']), Number(values['kNR'])];
      const wanted = (nn - nr) / (nn + nr);
      expect(ours[i]).toBeCloseTo(wanted, 4);
    });
  });
});

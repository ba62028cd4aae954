import { readFileSync } from 'node:fs';
import { type Expression, parseExpression } from '@swath/raster/expression/index';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { findIndex, indices } from './catalogue.ts';
import { sensorBands, sensorsWith } from './sensors.ts';
import { constantsOf, withConstants } from './with-constants.ts';

const known = new Set(Object.values(sensorBands).flatMap((bands) => Object.keys(bands)));

describe('the index catalogue', () => {
  it('has 280 indices, whose names and aliases are found in any case unless two differ by case alone', () => {
    expect(indices()).toHaveLength(280);
    const twins = ['bai', 'msr705'];
    for (const index of indices()) {
      expect(findIndex(index.name)).toEqual(index);
      if (twins.includes(index.name.toLowerCase())) continue;
      for (const name of [index.name, ...index.aliases])
        expect(findIndex(` ${name.toUpperCase()} `)).toEqual(index);
    }
    for (const twin of twins) expect(() => findIndex(twin)).toThrow(/ and .* are different indices/);
  });

  it.each(indices().map((index) => [index.name, index] as const))(
    '%s can be computed and shown',
    (_, index) => {
      expect(index.bands.length).toBeGreaterThan(0);
      expect(index.bands.filter((band) => !known.has(band))).toEqual([]);
      if (index.range !== null) expect(index.range[0]).toBeLessThan(index.range[1]);
      expect(index.reference).toMatch(/^https?:\/\//);
      expect(index.title.length).toBeGreaterThan(8);
    },
  );

  it('knows which sensors have the bands of an index, and what they call them', () => {
    expect(sensorsWith(findIndex('NDVI').bands)).toMatchObject({
      'sentinel-2': { nir: 'B08', red: 'B04' },
      'landsat-oli': { nir: 'B5', red: 'B4' },
    });
    expect(Object.keys(sensorsWith(findIndex('IRECI').bands))).toEqual(['sentinel-2']);
  });
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

/** Band letters of the Awesome Spectral Indices. */
const letters: Readonly<Record<string, string>> = {
  ...{
    coastal: 'A',
    blue: 'B',
    green: 'G',
    green05: 'G1',
    red: 'R',
    yellow: 'Y',
    nir: 'N',
    nir08: 'N2',
    nir09: 'WV',
  },
  ...{ rededge1: 'RE1', rededge2: 'RE2', rededge3: 'RE3', swir16: 'S1', swir22: 'S2' },
  ...{ lwir: 'T', lwir11: 'T1', lwir12: 'T2', vv: 'VV', vh: 'VH', hh: 'HH', hv: 'HV' },
};

/** The formula in doubles, as the expected values were made; the engine computes in singles. */
function inDoubles(expression: Expression, bands: Readonly<Record<string, number>>): number {
  const value = (child: Expression) => inDoubles(child, bands);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'band':
      return bands[expression.name] ?? Number.NaN;
    case 'unary':
      return -value(expression.operand);
    case 'binary': {
      const [left, right] = [value(expression.left), value(expression.right)];
      const results: Readonly<Record<string, number>> = {
        '+': left + right,
        '-': left - right,
        '*': left * right,
        '/': left / right,
        '**': left ** right,
      };
      return results[expression.operator] ?? Number.NaN;
    }
    case 'call': {
      const [first = Number.NaN] = expression.args.map(value);
      return { exp: Math.exp(first), sqrt: Math.sqrt(first) }[expression.name as string] ?? Number.NaN;
    }
    case 'choose':
      return value(expression.test) === 0 ? value(expression.no) : value(expression.yes);
  }
}

describe.skipIf(file === undefined)('index values', () => {
  const data: Expected | undefined = file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'));

  const published = indices().filter(({ name }) => data?.indices[name] !== undefined);

  it('are all of indices that the catalogue has', () => {
    expect(published).toHaveLength(Object.keys(data?.indices ?? {}).length);
    expect(published.length).toBeGreaterThanOrEqual(190);
  });

  it.each(published.map((index) => [index.name, index] as const))(
    '%s equals the published',
    (name, index) => {
      const wanted = data?.indices[name]?.expected.map(Number) ?? [];
      expect(wanted).toHaveLength(data?.inputs.length ?? 0);
      data?.inputs.forEach(({ name: input, values }, i) => {
        // The edge cases change bands and keep the kernels of the pixel they were made from; ours follow the bands.
        if (index.domain === 'kernel' && input.startsWith('edge')) return;
        const missing = Object.entries(index.constants).filter(([, value]) => value === null);
        const given = Object.fromEntries(missing.map(([constant]) => [constant, Number(values[constant])]));
        const formula = withConstants(
          parseExpression(index.formula),
          constantsOf(index, given, undefined, '/constants'),
        );
        const bands = Object.fromEntries(
          index.bands.map((band) => [band, Number(values[letters[band] ?? ''])]),
        );
        const [got, want] = [inDoubles(formula, bands), wanted[i] ?? Number.NaN];
        const where = `${name} of ${input}: ${got}, published ${want}`;
        if (!Number.isFinite(want)) expect(Object.is(got, want), where).toBe(true);
        else expect(Math.abs(got - want) <= 1e-9 * Math.max(1, Math.abs(want)), where).toBe(true);
      });
    },
  );
});

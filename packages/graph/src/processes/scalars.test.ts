import { isSwathError } from '@swath/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCall } from '../evaluate/evaluate.ts';
import { encodeValue } from '../values/encode.ts';
import { roundHalfEven } from './math.ts';

function outcome(process_id: string, args: Record<string, unknown>): unknown {
  try {
    return encodeValue(evaluateCall({ process_id, arguments: args }));
  } catch (error) {
    if (isSwathError(error)) return error.reason;
    throw error;
  }
}

describe('single calls', () => {
  it.each<readonly [process: string, args: Record<string, unknown>, outcome: unknown]>([
    [
      'date_shift',
      { date: '2020-02-29T10:00:00+02:00', value: 1, unit: 'year' },
      { type: 'datetime', value: '2021-02-28T10:00:00+02:00' },
    ],
    [
      'date_shift',
      { date: '2020-03-01T00:30:00+01:00', value: -1, unit: 'month' },
      { type: 'datetime', value: '2020-02-01T00:30:00+01:00' },
    ],
    [
      'date_shift',
      { date: '2018-12-31T17:22:45Z', value: 1150, unit: 'millisecond' },
      { type: 'datetime', value: '2018-12-31T17:22:46.150Z' },
    ],
    [
      'date_shift',
      { date: '2016-12-31T23:59:60Z', value: 1, unit: 'second' },
      { type: 'datetime', value: '2017-01-01T00:00:00Z' },
    ],
    ['date_shift', { date: '2020-02-30', value: 1, unit: 'day' }, 'ProcessParameterInvalid'],
    ['date_shift', { date: '2020-02-03', value: 1e12, unit: 'year' }, 'ProcessParameterInvalid'],
    ['date_shift', { date: '2020-02-03', value: 1, unit: 'fortnight' }, 'ProcessParameterInvalid'],
    ['date_difference', { date1: '2020-01-15', date2: '2021-01-15', unit: 'year' }, 1],
    ['date_difference', { date1: '2020-03-15', date2: '2020-01-15', unit: 'month' }, -2],
    ['date_between', { x: '12:00:00', min: '06:00:00', max: '12:00:00', exclude_max: true }, false],
    ['date_between', { x: '12:00:00', min: '2020-01-01', max: '2021-01-01' }, 'ProcessParameterInvalid'],
    ['quantiles', { data: [1], probabilities: [0.9, 0.1] }, 'AscendingProbabilitiesRequired'],
    ['quantiles', { data: [1], probabilities: 2, q: 2 }, 'QuantilesParameterConflict'],
    ['quantiles', { data: [1] }, 'QuantilesParameterMissing'],
    ['array_element', { data: [1], index: 0, label: 'a' }, 'ArrayElementParameterConflict'],
    ['array_element', { data: [1], label: 'a' }, 'ArrayNotLabeled'],
    ['array_create', { data: [1], repeat: 0 }, 'ProcessParameterInvalid'],
    ['array_create', { data: [1], repeat: 2_000_000 }, 'ProcessGraphComplexity'],
    [
      'array_concat',
      {
        array1: { type: 'labeled-array', data: [{ key: 'a', value: 1 }] },
        array2: { type: 'labeled-array', data: [{ key: 'a', value: 2 }] },
      },
      'ArrayLabelConflict',
    ],
    ['rearrange', { data: [1], order: [1] }, 'ProcessParameterInvalid'],
    [
      'sort',
      { data: ['2020-01-01T01:00:00+02:00', '2020-01-01T00:00:00Z', '2019-12-31'] },
      ['2019-12-31', '2020-01-01T01:00:00+02:00', '2020-01-01T00:00:00Z'],
    ],
    ['add', { x: 'NaN', y: 1 }, 'NaN'],
    ['add', { x: '1', y: 1 }, 'ProcessParameterInvalid'],
    ['add', { x: 1 }, 'ProcessParameterRequired'],
    ['add', { x: 1, y: 2, z: 3 }, 'ProcessParameterUnsupported'],
    ['is_nan', { x: 'NaN' }, false],
    ['eq', { x: 1, y: 2, delta: null }, false],
    ['load_collection', { id: 'a', spatial_extent: null, temporal_extent: null }, 'ProcessUnsupported'],
    ['__proto__', {}, 'ProcessUnsupported'],
  ])('%s of %j gives %j', (process, args, expected) => {
    expect(outcome(process, args)).toEqual(expected);
  });
});

describe('properties', () => {
  it('rounding is no further than half a unit, and even at halves', async () => {
    await fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
        expect(Math.abs(roundHalfEven(x, 0) - x)).toBeLessThanOrEqual(0.5);
      }),
    );
    await fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), (n) => {
        expect(Math.abs(roundHalfEven(n + 0.5, 0) % 2)).toBe(0);
      }),
    );
  });

  it('order and rearrange sort as sort does', async () => {
    await fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.constant(null))),
        fc.boolean(),
        fc.constantFrom(true, false, null),
        (data, asc, nodata) => {
          const order = outcome('order', { data, asc, nodata });
          expect(outcome('rearrange', { data, order })).toEqual(outcome('sort', { data, asc, nodata }));
        },
      ),
    );
  });

  it('shifting days there and back leaves a date as it was', async () => {
    await fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.integer({ min: -9999, max: 9999 }),
        (at, value) => {
          const date = at.toISOString().slice(0, 10);
          const there = outcome('date_shift', { date, value, unit: 'day' });
          expect(outcome('date_shift', { date: there, value: -value, unit: 'day' })).toBe(date);
          expect(outcome('date_difference', { date1: date, date2: there, unit: 'day' })).toBe(value);
        },
      ),
    );
  });
});

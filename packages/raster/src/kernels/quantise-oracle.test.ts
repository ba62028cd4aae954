import { describe, expect, it } from 'vitest';
import { quantise } from './quantise-oracle.fixture.ts';

const numbers = (plane: Float32Array | Float64Array) => [...plane];

describe('quantise', () => {
  it('rounds halves away from zero and cuts to the range of the type', () => {
    const values = Float32Array.of(0.5, 1.5, -0.5, -1.5, 1e9, -1e9, Number.NaN, Number.POSITIVE_INFINITY);
    const dn = quantise(values, { dtype: 'int16', scale: 1, offset: 0, nodata: -32768 });
    expect(numbers(dn)).toEqual([1, 2, -1, -2, 32767, -32767, Number.NaN, Number.NaN]);
  });

  it('undoes scale and offset of every 16-bit number', () => {
    const stored = { dtype: 'uint16', scale: 0.0001, offset: -0.1, nodata: 65535 } as const;
    const values = Float32Array.from({ length: 65535 }, (_, dn) =>
      Math.fround(Math.fround(dn * 0.0001) - 0.1),
    );
    expect(quantise(values, stored).every((dn, i) => dn === i)).toBe(true);
  });

  it('moves a valid value off nodata, towards the middle of the range', () => {
    const at = (nodata: number) =>
      quantise(Float32Array.of(nodata), { dtype: 'uint8', scale: 1, offset: 0, nodata })[0];
    expect([at(0), at(255), at(100)]).toEqual([1, 254, 101]);
  });

  it('moves a valid single off nodata', () => {
    const at = (nodata: number) =>
      quantise(Float32Array.of(nodata), { dtype: 'float32', scale: 1, offset: 0, nodata })[0]!;
    expect(at(0)).toBe(2 ** -149);
    expect(at(-9999)).toBeGreaterThan(-9999);
    expect(at(-9999)).toBeCloseTo(-9999, 2);
  });

  it('keeps all digits of int32', () => {
    const dn = quantise(Float32Array.of(1_000_000), {
      dtype: 'int32',
      scale: 2 ** -10,
      offset: 2 ** -10,
      nodata: 0,
    });
    expect(numbers(dn)).toEqual([1_023_999_999]);
  });
});

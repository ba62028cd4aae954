import { describe, expect, it } from 'vitest';
import { backoffMs, retryAfterMs } from './retry.ts';

const now = Date.UTC(2026, 0, 1);

describe('retryAfterMs', () => {
  it.each([
    ['3', 3000],
    ['1.5', 1500],
    ['0', 500],
    ['-5', 500],
    ['1000000000', 900_000],
    ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 500],
    ['Sun, 01 Jan 2126 00:00:00 GMT', 900_000],
    ['soon', undefined],
    ['', undefined],
    ['12abc', undefined],
    ['1e9', 900_000],
    ['+2', 2000],
    ['2026'.repeat(200), 900_000],
    ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
    ['1 apple', undefined],
    ['NaN', undefined],
    ['0x10', undefined],
    ['Foo, 99 Bar 12:00:00', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads %s as %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('retryAfterMs of a provider that counts in milliseconds', () => {
  it.each([
    ['3000', 3000],
    ['3', 500],
    ['1e9', 900_000],
    ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
  ])('reads %s as %s ms', (header, expected) => {
    expect(retryAfterMs(header, now, 'milliseconds')).toBe(expected);
  });
});

describe('backoffMs', () => {
  it('is full jitter below a ceiling that doubles', () => {
    expect([0, 1, 2, 3].map((attempt) => backoffMs(attempt, () => 0.999999))).toEqual([
      500, 1000, 2000, 4000,
    ]);
    expect(backoffMs(3, () => 0)).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['2', 2000],
    ['0', 500],
    ['-5', 500],
    ['1.5', 1500],
    ['1e9', 900_000],
    ['3600', 900_000],
    ['2026'.repeat(200), 900_000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 500],
    ['Fri, 02 Jan 2026 12:00:00 GMT', 900_000],
  ])('reads %s', (header, ms) => expect(parseRetryAfter(header, now)).toBe(ms));

  it.each([null, '', 'soon', '1 apple', 'NaN', '0x10', 'Foo, 99 Bar 12:00:00'])(
    'does not believe %j',
    (header) => {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    },
  );
});

import { isSwathError, type SwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { parseDatetime } from './datetime.ts';

function refusal(text: string): SwathError {
  try {
    parseDatetime(text);
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('parseDatetime', () => {
  it.each([
    ['2024-05-01', '2024-05-01T00:00:00.000Z', '2024-05-01T23:59:59.999Z'],
    ['2024-05-01/2024-08-31', '2024-05-01T00:00:00.000Z', '2024-08-31T23:59:59.999Z'],
    ['2024-05-01T10:20:30Z', '2024-05-01T10:20:30.000Z', '2024-05-01T10:20:30.000Z'],
    ['2024-05-01t10:20:30.123456z', '2024-05-01T10:20:30.123Z', '2024-05-01T10:20:30.123Z'],
    ['2024-05-01T00:30:00+02:00', '2024-04-30T22:30:00.000Z', '2024-04-30T22:30:00.000Z'],
    ['2024-05-01T00:30:00-09:30', '2024-05-01T10:00:00.000Z', '2024-05-01T10:00:00.000Z'],
    ['2024-05-01T00:00:00Z/..', '2024-05-01T00:00:00.000Z', null],
    ['../2024-05-01', null, '2024-05-01T23:59:59.999Z'],
    ['/2024-05-01', null, '2024-05-01T23:59:59.999Z'],
    ['2024-05-01/', '2024-05-01T00:00:00.000Z', null],
    ['../..', null, null],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z', '2000-02-29T23:59:59.999Z'],
    ['0099-12-31', '0099-12-31T00:00:00.000Z', '0099-12-31T23:59:59.999Z'],
    ['2024-05-01/2024-05-01', '2024-05-01T00:00:00.000Z', '2024-05-01T23:59:59.999Z'],
  ])('reads %s', (text, start, end) => {
    expect(parseDatetime(text)).toEqual({ start, end });
  });

  it.each([
    ['2024-02-30', 'February 2024 has 29 days'],
    ['2023-02-29', 'February 2023 has 28 days'],
    ['1900-02-29', 'February 1900 has 28 days'],
    ['2024-04-31', 'April 2024 has 30 days'],
    ['2024-01-00', 'January 2024 has 31 days'],
    ['2024-13-01', 'month 13'],
    ['2024-05-01T24:00:00Z', 'hour 24'],
    ['2024-05-01T10:60:00Z', 'minute 60'],
    ['2024-05-01T10:00:61Z', 'second 61'],
    ['2016-12-31T23:59:60Z', 'leap second'],
    ['2024-05-01T10:00:00+24:00', 'offset'],
    ['2024-05-01T10:00:00', 'no time zone'],
    ['2024-05-01 10:00', 'no time zone'],
    ['2024-08-31/2024-05-01', 'ends before it starts'],
    ['2024-05-01T10:00:00Z/2024-05-01T09:59:59Z', 'ends before it starts'],
    ['2024-05-01/2024-05-02/2024-05-03', 'more than one slash'],
    ['+12024-05-01', 'not an RFC 3339'],
    ['1000000-01-01', 'not an RFC 3339'],
    ['0000-01-01T00:00:00+01:00', 'years 0000 to 9999'],
    ['2024-5-1', 'not an RFC 3339'],
    ['May 2024', 'not an RFC 3339'],
    ['1714521600', 'not an RFC 3339'],
    ['', 'empty'],
    ['..', 'empty'],
    ['2024-02-30/..', 'February 2024'],
  ])('refuses %j: %s', (text, message) => {
    const error = refusal(text);
    expect(error.code).toBe('InvalidInput');
    expect(error.pointer).toBe('/datetime');
    expect(error.message).toContain(message);
    expect(error.fix).toBeTruthy();
  });

  it('shows a reversed interval the right way round', () => {
    expect(refusal('2024-08-31/2024-05-01').fix).toContain('2024-05-01/2024-08-31');
  });
});

import { SwathError } from '@swath/core';

/** RFC 3339 UTC instants with milliseconds, both inclusive; null = open. */
export interface Interval {
  readonly start: string | null;
  readonly end: string | null;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,12}))?([Zz]|[+-]\d{2}:\d{2})$/;
const localPattern = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

const usage =
  'Use an RFC 3339 instant ("2024-05-01T00:00:00Z"), a day ("2024-05-01"), or an interval of them ("2024-05-01/2024-08-31"; ".." is open).';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const DAY_MS = 86_400_000;

function refuse(message: string, pointer: string, fix = usage): SwathError {
  return new SwathError('InvalidInput', message, { pointer, fix });
}

function dayMs(year: string, month: string, day: string, text: string, pointer: string): number {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (m < 1 || m > 12) throw refuse(`"${text}" has month ${month}; there are 12.`, pointer);
  // Day 0 of the next month; setUTCFullYear because Date.UTC takes years 0 to 99 for 1900 to 1999.
  const monthDays = new Date(new Date(0).setUTCFullYear(y, m, 0)).getUTCDate();
  if (d < 1 || d > monthDays) {
    throw refuse(
      `"${text}" does not exist: ${months[m - 1]} ${year} has ${monthDays} days.`,
      pointer,
      `Use a day from ${year}-${month}-01 to ${year}-${month}-${monthDays}.`,
    );
  }
  return new Date(0).setUTCFullYear(y, m - 1, d);
}

function instantMs(match: RegExpExecArray, text: string, pointer: string): number {
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] =
    match;
  const midnight = dayMs(year, month, day, text, pointer);
  if (Number(hour) > 23) throw refuse(`"${text}" has hour ${hour}; hours are 00 to 23.`, pointer);
  if (Number(minute) > 59) throw refuse(`"${text}" has minute ${minute}; minutes are 00 to 59.`, pointer);
  if (Number(second) === 60) {
    throw refuse(`"${text}" is a leap second, which catalogues do not record.`, pointer, 'Use second 59.');
  }
  if (Number(second) > 59) throw refuse(`"${text}" has second ${second}; seconds are 00 to 59.`, pointer);
  const [, sign, zoneHour = '0', zoneMinute = '0'] = /^([+-])(\d{2}):(\d{2})$/.exec(zone) ?? [];
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) {
    throw refuse(`"${text}" has the offset ${zone}; offsets are -23:59 to +23:59.`, pointer);
  }
  const offsetMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  return midnight + timeMs + Number(fraction.padEnd(3, '0').slice(0, 3)) - offsetMs;
}

function utc(ms: number, text: string, pointer: string): string {
  const iso = new Date(ms).toISOString();
  // Years outside 0 to 9999 get a sign in ISO 8601; RFC 3339 has no such years.
  if (!/^\d{4}-/.test(iso)) throw refuse(`"${text}" lies outside the years 0000 to 9999 in UTC.`, pointer);
  return iso;
}

/** First and last millisecond that a date or an instant stands for. */
function span(text: string, pointer: string): { start: string; end: string } {
  const date = datePattern.exec(text);
  if (date !== null) {
    const [, year = '', month = '', day = ''] = date;
    const start = dayMs(year, month, day, text, pointer);
    return { start: utc(start, text, pointer), end: utc(start + DAY_MS - 1, text, pointer) };
  }
  const instant = instantPattern.exec(text);
  if (instant !== null) {
    const at = utc(instantMs(instant, text, pointer), text, pointer);
    return { start: at, end: at };
  }
  if (localPattern.test(text)) {
    throw refuse(
      `"${text}" has no time zone.`,
      pointer,
      `Add Z for UTC ("${text.replace(' ', 'T')}Z") or an offset such as +02:00.`,
    );
  }
  throw refuse(`"${text.slice(0, 60)}" is not an RFC 3339 date or time.`, pointer);
}

/**
 * An instant or interval as STAC and OGC APIs write it. A date stands for its whole day in UTC, from 00:00:00.000 to
 * 23:59:59.999, so `2024-05-01/2024-08-31` includes the 31st. `..` or nothing on one side of the slash is open. Offsets
 * are converted to UTC; digits below the millisecond are cut; leap seconds are refused.
 * @throws SwathError InvalidInput at `pointer`.
 */
export function parseDatetime(text: string, pointer = '/datetime'): Interval {
  const parts = text.trim().split('/');
  if (parts.length > 2) throw refuse(`"${text.slice(0, 60)}" has more than one slash.`, pointer);
  const [first = '', second] = parts.map((part) => part.trim());
  if (second === undefined) {
    if (first === '' || first === '..') throw refuse('The datetime is empty.', pointer);
    return span(first, pointer);
  }
  const open = (part: string) => part === '' || part === '..';
  const start = open(first) ? null : span(first, pointer).start;
  const end = open(second) ? null : span(second, pointer).end;
  if (start !== null && end !== null && start > end) {
    throw refuse(`The interval "${text}" ends before it starts.`, pointer, `Use "${second}/${first}".`);
  }
  return { start, end };
}

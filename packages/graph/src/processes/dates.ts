import { invalidParameter, quoted } from '../exceptions.ts';
import { optional, type Process, required } from '../registry/definition.ts';
import {
  aBoolean,
  aDate,
  aDateTime,
  aNumber,
  anInteger,
  aTime,
  booleanOrNull,
  oneOf,
} from '../registry/schema.ts';
import {
  DAY_MS,
  dayMs,
  daysInMonth,
  formatInstant,
  type Instant,
  parseInstant,
  parseTimeOfDay,
} from '../values/instant.ts';
import { type Arguments, flag, number, text } from '../values/read.ts';
import { temporal, type Value } from '../values/value.ts';

const units = oneOf('millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year');
const categories = ['date & time'];
const dateSchemas = [aDateTime, aDate];

const unitMs: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
};

/** What the calendar of ISO 8601 with four digits holds. */
const [FIRST_MS, LAST_MS] = [dayMs(0, 1, 1), dayMs(10_000, 1, 1)];

function instant(process: string, args: Arguments, name: string): Instant {
  const given = text(args, name);
  const parsed = parseInstant(given);
  if (parsed === undefined) throw invalidParameter(process, name, `${quoted(given)} is no date of RFC 3339`);
  return parsed;
}

/** `months` later on the same day of the month, or on the last that exists. The time of day stays. */
function addMonths(epochMs: number, months: number): number {
  const date = new Date(epochMs);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const [year, monthOfYear] = [Math.floor(month / 12), (((month % 12) + 12) % 12) + 1];
  const day = Math.min(date.getUTCDate(), daysInMonth(year, monthOfYear));
  return dayMs(year, monthOfYear, day) + (((epochMs % DAY_MS) + DAY_MS) % DAY_MS);
}

const shift: Process = {
  id: 'date_shift',
  summary: 'An earlier or later date',
  description:
    'Adds a number of units. Days that do not exist become the last of their month; the offset stays.',
  categories,
  parameters: [
    required('date', 'A date, or a date with time.', dateSchemas),
    required('value', 'How many; negative goes back.', anInteger),
    required('unit', 'Of what.', units),
  ],
  returns: { description: 'The date; with time where it was given with time.', schema: dateSchemas },
  exceptions: [],
  run: (args): Value => {
    const from = instant('date_shift', args, 'date');
    const [value, unit] = [number(args, 'value'), text(args, 'unit')];
    const ms = unitMs[unit];
    const months = unit === 'year' ? 12 * value : value;
    // Days of the calendar are those of the place the offset stands for.
    const to =
      ms === undefined
        ? addMonths(from.epochMs + from.offsetMs, months) - from.offsetMs
        : from.epochMs + value * ms;
    if (!(to >= FIRST_MS && to < LAST_MS))
      throw invalidParameter('date_shift', 'value', 'it leaves the years 0000 to 9999');
    const made = formatInstant(to, from);
    return from.hasTime ? temporal(made) : made;
  },
};

/** Months from one instant to a later one: whole ones, and the part of the next that has passed. */
function monthsBetween(from: number, to: number): number {
  const [a, b] = [new Date(from), new Date(to)];
  const estimate = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  const whole = addMonths(from, estimate) <= to ? estimate : estimate - 1;
  const [start, end] = [addMonths(from, whole), addMonths(from, whole + 1)];
  return whole + (to - start) / (end - start);
}

const difference: Process = {
  id: 'date_difference',
  summary: 'Time between two dates',
  description: 'date2 - date1 in a unit, with its fraction; months and years by the calendar.',
  categories: ['comparison', ...categories],
  parameters: [
    required('date1', 'Where to count from.', dateSchemas),
    required('date2', 'Where to count to.', dateSchemas),
    optional('unit', 'In what.', units, 'second'),
  ],
  returns: { description: 'Negative when date2 is earlier.', schema: aNumber },
  exceptions: [],
  experimental: true,
  run: (args) => {
    const from = instant('date_difference', args, 'date1').epochMs;
    const to = instant('date_difference', args, 'date2').epochMs;
    const unit = text(args, 'unit');
    const ms = unitMs[unit];
    if (ms !== undefined) return (to - from) / ms;
    const months = from <= to ? monthsBetween(from, to) : -monthsBetween(to, from);
    return unit === 'year' ? months / 12 : months;
  },
};

/** A place on the time axis: of a day for times, of all time for dates. */
function placeOf(args: Arguments, name: string): readonly [kind: 'date' | 'time', ms: number] {
  const given = text(args, name);
  const time = parseTimeOfDay(given);
  return time === undefined ? ['date', instant('date_between', args, name).epochMs] : ['time', time];
}

const between: Process = {
  id: 'date_between',
  summary: 'Within a span of time',
  description: 'min <= x <= max by time, or x < max with exclude_max. A date alone is its midnight in UTC.',
  categories: ['comparison', ...categories],
  parameters: [
    required('x', 'A date, a date with time, or a time of day.', [aDateTime, aDate, aTime]),
    required('min', 'Start, inclusive.', [aDateTime, aDate, aTime]),
    required('max', 'End.', [aDateTime, aDate, aTime]),
    optional('exclude_max', 'True leaves the end out.', aBoolean, false),
  ],
  returns: { description: 'True when it is.', schema: booleanOrNull },
  exceptions: [],
  run: (args) => {
    const [[kind, x], [minKind, min], [maxKind, max]] = [
      placeOf(args, 'x'),
      placeOf(args, 'min'),
      placeOf(args, 'max'),
    ];
    if (kind !== minKind || kind !== maxKind) {
      throw invalidParameter(
        'date_between',
        'x',
        'dates and times of day cannot be compared with each other',
      );
    }
    return min <= x && (flag(args, 'exclude_max') ? x < max : x <= max);
  },
};

/** Dates of the Gregorian calendar with numeric offsets; no daylight saving, no leap seconds. */
export const dateProcesses: readonly Process[] = [shift, difference, between];

/** A date, or a date with time, of the proleptic calendar. */
export interface Instant {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly epochMs: number;
  /** False for a date alone. */
  readonly hasTime: boolean;
  /** As it was written: `Z`, `+02:00`; empty for a date alone. */
  readonly offset: string;
  readonly offsetMs: number;
  /** Digits behind the second. */
  readonly fractionDigits: number;
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2})?)?$/;
const timePattern = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2})?$/;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

function offsetOf(text: string): number {
  if (text === '' || text.toUpperCase() === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  return (text.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}

function timeOf(hour: string, minute: string, second: string, fraction: string): number | undefined {
  const [h, m] = [Number(hour), Number(minute)];
  // A leap second is read as the second before: the calendar here has none.
  const s = Math.min(Number(second), 59);
  if (h > 23 || m > 59 || Number(second) > 60) return undefined;
  return ((h * 60 + m) * 60 + s) * 1000 + Math.floor(Number(`0.${fraction || '0'}`) * 1000 + 1e-9);
}

/** Milliseconds of midnight UTC of a day; month counts from 1, out-of-range months and days roll over. */
export function dayMs(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

export function daysInMonth(year: number, month: number): number {
  return new Date(dayMs(year, month + 1, 0)).getUTCDate();
}

/** An RFC 3339 date or date with time; a time without offset is UTC. Undefined for other texts. */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const hasTime = match[4] !== undefined;
  const time = timeOf(match[4] ?? '0', match[5] ?? '0', match[6] ?? '0', match[7] ?? '');
  if (time === undefined) return undefined;
  const offset = match[8] ?? (hasTime ? 'Z' : '');
  const offsetMs = offsetOf(offset);
  return {
    epochMs: dayMs(year, month, day) + time - offsetMs,
    hasTime,
    offset,
    offsetMs,
    fractionDigits: match[7]?.length ?? 0,
  };
}

/** Milliseconds since midnight UTC of a time of day; undefined for other texts. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const time = timeOf(match[1]!, match[2]!, match[3] ?? '0', match[4] ?? '');
  if (time === undefined) return undefined;
  return (((time - offsetOf(match[5] ?? '')) % DAY_MS) + DAY_MS) % DAY_MS;
}

/** The text of an instant, in the form of `like`: with or without time, its offset, milliseconds where they matter. */
export function formatInstant(epochMs: number, like: Instant): string {
  const local = new Date(epochMs + like.offsetMs).toISOString();
  if (!like.hasTime) return local.slice(0, 10);
  const milliseconds = like.fractionDigits > 0 || epochMs % 1000 !== 0;
  return `${local.slice(0, milliseconds ? 23 : 19)}${like.offset}`;
}

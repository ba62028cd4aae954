/** Texts that mean time, and what they mean: closed intervals of milliseconds since 1970, fractions kept. */

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

const DAY_MS = 86_400_000;
/** A day ends a microsecond before the next begins: the finest step a double keeps at today's 1.8e12 ms. */
const STEP_MS = 0.001;

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,12}))?([Zz]|[+-]\d{2}:?\d{2})?$/;

function dayMs(text: string): number | undefined {
  const [, year, month, day] = datePattern.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
  return exists ? at.getTime() : undefined;
}

export function isDateText(text: string): boolean {
  return dayMs(text) !== undefined;
}

/** Milliseconds of an RFC 3339 instant; of one without a zone as if UTC, as databases export them. */
function instantMs(text: string): number | undefined {
  const [, date = '', hour, minute, second, fraction = '', zone = 'Z'] = instantPattern.exec(text) ?? [];
  const day = dayMs(date);
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const local =
    day +
    (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 +
    Number(`0.${fraction || '0'}`) * 1000;
  if (zone === 'Z' || zone === 'z') return local;
  const sign = zone.startsWith('-') ? -1 : 1;
  return local - sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
}

/** The literal of a timestamp without trailing zeros in its fraction; undefined when it is none in UTC. */
export function readTimestamp(text: string): string | undefined {
  if (!/[Zz]$/.test(text) || instantMs(text) === undefined) return undefined;
  return text
    .toUpperCase()
    .replace(/\.(\d*?)0*Z$/, (_all, digits: string) => (digits === '' ? 'Z' : `.${digits}Z`));
}

/** A date is its whole day. undefined when the text means no time. */
export function spanOfText(text: string): Span | undefined {
  const day = dayMs(text);
  if (day !== undefined) return { startMs: day, endMs: day + DAY_MS - STEP_MS };
  const instant = instantMs(text);
  return instant === undefined ? undefined : { startMs: instant, endMs: instant };
}

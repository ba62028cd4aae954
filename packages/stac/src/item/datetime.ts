const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s?([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * An RFC 3339 instant as `2024-05-01T10:00:00.000Z`, undefined when the text is none (30 February, year 10000).
 * Read with the leniency real Items need: a date alone is its midnight, a missing offset is UTC (STAC requires UTC),
 * a leap second is the second before.
 */
export function parseInstant(text: string): string | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const number = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute] = [number(1), number(2), number(3), number(4), number(5)];
  const second = Math.min(number(6), 59);
  if (hour > 23 || minute > 59 || number(6) > 60) return undefined;
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(ms);
  if (year < 1000 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = offsetMinutes(match[8]);
  return offset === undefined ? undefined : new Date(ms - offset * 60_000).toISOString();
}

function offsetMinutes(text: string | undefined): number | undefined {
  if (text === undefined || text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

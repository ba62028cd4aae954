import { openeoError } from '../../exceptions.ts';
import { MAX_ARRAY_LENGTH } from '../../limits.ts';
import { DAY_MS, dayMs } from '../../values/instant.ts';

/** A calendar period: where one lies on an endless line of such periods, and what one is called. */
export interface Period {
  /** Whole number; neighbours differ by 1. */
  readonly indexOf: (epochMs: number) => number;
  readonly labelOf: (index: number) => string;
}

const HOUR_MS = 3_600_000;
/** 1969-12-29, the Monday before the epoch. */
const MONDAY_MS = -3 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
const yearOf = (ms: number): number => new Date(ms).getUTCFullYear();

/** Months since year 0. */
function monthIndex(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** `length` months each, the first of which begins `shift` months after January; named by where they stand in a year. */
function monthsPeriod(length: number, shift: number, names: readonly string[]): Period {
  return {
    indexOf: (ms) => Math.floor((monthIndex(ms) - shift) / length),
    labelOf: (index) => {
      const first = index * length + shift;
      // A season that begins in a December or November bears the year it ends in, but for ndjfma.
      const year = Math.floor((first + (length === 3 ? 1 : 0)) / 12);
      const place = ((index % names.length) + names.length) % names.length;
      return `${pad(year, 4)}-${names[place]}`;
    },
  };
}

const week: Period = {
  indexOf: (ms) => Math.floor((ms - MONDAY_MS) / WEEK_MS),
  labelOf: (index) => {
    // A week belongs to the year of its Thursday; the one with January 4th is the first.
    const thursday = index * WEEK_MS + MONDAY_MS + 3 * DAY_MS;
    const year = yearOf(thursday);
    const first = Math.floor((dayMs(year, 1, 4) - MONDAY_MS) / WEEK_MS);
    return `${pad(year, 4)}-${pad(index - first + 1, 2)}`;
  },
};

const day: Period = {
  indexOf: (ms) => Math.floor(ms / DAY_MS),
  labelOf: (index) => {
    const year = yearOf(index * DAY_MS);
    return `${pad(year, 4)}-${pad(index - dayMs(year, 1, 1) / DAY_MS + 1, 3)}`;
  },
};

const hour: Period = {
  indexOf: (ms) => Math.floor(ms / HOUR_MS),
  labelOf: (index) => new Date(index * HOUR_MS).toISOString().slice(0, 13).replace('T', '-'),
};

const dekad: Period = {
  indexOf: (ms) => monthIndex(ms) * 3 + Math.min(Math.floor((new Date(ms).getUTCDate() - 1) / 10), 2),
  labelOf: (index) => `${pad(Math.floor(index / 36), 4)}-${pad((((index % 36) + 36) % 36) + 1, 2)}`,
};

const years = (length: number, shift: number): Period => ({
  indexOf: (ms) => Math.floor((yearOf(ms) - shift) / length),
  labelOf: (index) => pad(index * length + shift, 4),
});

/** Calendar periods of `aggregate_temporal_period`, by its names; all in UTC. */
export const periods: Readonly<Record<string, Period>> = {
  hour,
  day,
  week,
  dekad,
  month: {
    indexOf: monthIndex,
    labelOf: (index) => `${pad(Math.floor(index / 12), 4)}-${pad((((index % 12) + 12) % 12) + 1, 2)}`,
  },
  // 2020-djf is December 2019 to February 2020.
  season: monthsPeriod(3, -1, ['djf', 'mam', 'jja', 'son']),
  // 2023-ndjfma is November 2023 to April 2024, as openEO's vectors have it.
  'tropical-season': monthsPeriod(6, -2, ['ndjfma', 'mjjaso']),
  year: years(1, 0),
  decade: years(10, 0),
  'decade-ad': years(10, 1),
};

/**
 * Labels of every period from the first to the last instant, those without an instant included, and which of them each
 * instant is in.
 * @throws SwathError LimitExceeded
 */
export function periodsOver(
  period: Period,
  instants: readonly number[],
): { readonly labels: readonly string[]; readonly groups: readonly (readonly number[])[] } {
  const indices = instants.map(period.indexOf);
  const first = indices.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = indices.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (indices.length === 0) return { labels: [], groups: [] };
  const count = last - first + 1;
  if (count > MAX_ARRAY_LENGTH) {
    throw openeoError(
      'ProcessGraphComplexity',
      `There are ${count} periods, over the limit of ${MAX_ARRAY_LENGTH}.`,
    );
  }
  const groups: number[][] = Array.from({ length: count }, () => []);
  indices.forEach((index, position) => void groups[index - first]!.push(position));
  return { labels: groups.map((_, i) => period.labelOf(first + i)), groups };
}

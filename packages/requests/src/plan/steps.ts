import { type Scene, solarDay } from '@swath/stac';
import type { RequestSpec } from '../spec.ts';

/** Scenes of one date. */
export interface DateGroup {
  /** `2024-06-01`; `''` for scenes without a date. */
  readonly day: string;
  readonly sceneIndexes: readonly number[];
}

/**
 * Scenes by solar day, in time order; a scene without a date is a group of its own, after the others. Within a day the
 * first valid scene wins per pixel: listed order for `items`, else the least clouds first, then by id.
 */
export function groupByDay(
  spec: RequestSpec,
  scenes: readonly Scene[],
  usable: readonly number[],
): readonly DateGroup[] {
  const days = new Map<string, number[]>();
  const undated: DateGroup[] = [];
  for (const index of usable) {
    const scene = scenes[index];
    if (scene === undefined) continue;
    const day = solarDay(scene);
    if (day === '') undated.push({ day, sceneIndexes: [index] });
    else days.set(day, [...(days.get(day) ?? []), index]);
  }
  const dated = [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, indexes]) => ({
      day,
      sceneIndexes: spec.items === undefined ? byClouds(scenes, indexes) : indexes,
    }));
  return [...dated, ...undated];
}

/** A scene that does not state its clouds comes after those that do. */
function byClouds(scenes: readonly Scene[], indexes: readonly number[]): readonly number[] {
  const clouds = (index: number) => scenes[index]?.cloudCoverPercent ?? 101;
  const id = (index: number) => scenes[index]?.id ?? '';
  return [...indexes].sort((a, b) => clouds(a) - clouds(b) || (id(a) < id(b) ? -1 : 1));
}

/** File-name safe: letters, digits, `-`, `_`, `.`; at most 80 characters. */
export function labelOf(text: string): string {
  const safe = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 80);
  return safe === '' ? 'scene' : safe;
}

/** Each label once: a repeat gets `-2`, `-3`, ... */
export function uniqueLabels(labels: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count === 1 ? label : `${label}-${count}`;
  });
}

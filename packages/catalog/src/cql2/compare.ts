import { canonicalJson } from '@swath/core';
import { compareUtf8 } from '@swath/ports';
import { compareSpans } from './temporal.ts';
import { isSpan, isValueList, spanOf, type Value } from './values.ts';

/**
 * `=`, `<>`, `<`, `>`, `<=`, `>=` of two values; null (unknown) where either is null or they are of different kinds.
 * Texts compare by code point. A text beside a time, and two texts that are both times, compare as times.
 */
export function compareValues(op: string, a: Value, b: Value): boolean | null {
  if (a === null || b === null) return null;
  if (typeof a === 'number' && typeof b === 'number') return ordered(op, a - b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return ordered(op, Number(a) - Number(b));
  if (isSpan(a) || isSpan(b) || (typeof a === 'string' && typeof b === 'string')) {
    const [left, right] = [spanOf(a), spanOf(b)];
    if (left !== null && right !== null) return compareSpans(op, left, right);
  }
  if (typeof a === 'string' && typeof b === 'string') return ordered(op, compareUtf8(a, b));
  if (isValueList(a) && isValueList(b) && (op === '=' || op === '<>')) {
    return sameValue(a, b) === (op === '=');
  }
  return null;
}

function ordered(op: string, difference: number): boolean {
  switch (op) {
    case '=':
      return difference === 0;
    case '<>':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '>':
      return difference > 0;
    case '<=':
      return difference <= 0;
    default:
      return difference >= 0;
  }
}

/** Members of lists: equal, with null equal to null. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  if (isValueList(a) && isValueList(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index] ?? null));
  }
  if (typeof a === 'object' && typeof b === 'object' && !isSpan(a) && !isSpan(b)) {
    return canonicalJson(a) === canonicalJson(b);
  }
  return compareValues('=', a, b) === true;
}

/** Array predicates look at lists as sets. */
export function arrayHolds(op: string, a: readonly Value[], b: readonly Value[]): boolean {
  const all = (some: readonly Value[], of: readonly Value[]) =>
    some.every((value) => of.some((other) => sameValue(value, other)));
  switch (op) {
    case 'a_contains':
      return all(b, a);
    case 'a_containedBy':
      return all(a, b);
    case 'a_overlaps':
      return a.some((value) => b.some((other) => sameValue(value, other)));
    default:
      return all(a, b) && all(b, a);
  }
}

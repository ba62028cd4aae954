/** What the language has, in the spelling of cql2.json; text is matched without regard to case. */

export const comparisons = ['=', '<>', '<', '>', '<=', '>='] as const;
export const arithmetic = ['+', '-', '*', '/', '%', 'div', '^'] as const;

export const spatialPredicates = [
  's_intersects',
  's_disjoint',
  's_equals',
  's_touches',
  's_crosses',
  's_within',
  's_contains',
  's_overlaps',
] as const;
export type SpatialPredicate = (typeof spatialPredicates)[number];

export const temporalPredicates = [
  't_after',
  't_before',
  't_contains',
  't_disjoint',
  't_during',
  't_equals',
  't_finishedBy',
  't_finishes',
  't_intersects',
  't_meets',
  't_metBy',
  't_overlappedBy',
  't_overlaps',
  't_startedBy',
  't_starts',
] as const;
export type TemporalPredicate = (typeof temporalPredicates)[number];

export const arrayPredicates = ['a_equals', 'a_contains', 'a_containedBy', 'a_overlaps'] as const;
export type ArrayPredicate = (typeof arrayPredicates)[number];

export const textFunctions = ['casei', 'accenti'] as const;

const all = [
  'and',
  'or',
  'not',
  ...comparisons,
  'like',
  'between',
  'in',
  'isNull',
  ...arithmetic,
  ...spatialPredicates,
  ...temporalPredicates,
  ...arrayPredicates,
  ...textFunctions,
] as const;

/** Names that drafts of the standard had and clients still send. */
const formerNames: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  a_contained_by: 'a_containedBy',
  anyinteracts: 't_intersects',
};

const byLowerCase: ReadonlyMap<string, string> = new Map([
  ...all.map((name) => [name.toLowerCase(), name] as const),
  ...Object.entries(formerNames),
]);

/** The standard's spelling; a name it does not know stays as it is (a function of somebody's own). */
export function standardName(name: string): string {
  return byLowerCase.get(name.toLowerCase()) ?? name;
}

export function isStandardName(name: string): boolean {
  return byLowerCase.has(name.toLowerCase());
}

export function oneOf<T extends string>(names: readonly T[], name: string): T | undefined {
  return names.find((known) => known === name);
}

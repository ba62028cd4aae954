import type { TemporalPredicate } from './operators.ts';
import type { Span } from './temporal-text.ts';

/** Relations of closed intervals, after Allen, as OGC 21-065r2 table 11 names them. */
export const temporalRelations: Readonly<Record<TemporalPredicate, (a: Span, b: Span) => boolean>> = {
  t_after: (a, b) => a.startMs > b.endMs,
  t_before: (a, b) => a.endMs < b.startMs,
  t_contains: (a, b) => a.startMs < b.startMs && a.endMs > b.endMs,
  t_disjoint: (a, b) => a.endMs < b.startMs || a.startMs > b.endMs,
  t_during: (a, b) => a.startMs > b.startMs && a.endMs < b.endMs,
  t_equals: (a, b) => a.startMs === b.startMs && a.endMs === b.endMs,
  t_finishedBy: (a, b) => a.startMs < b.startMs && a.endMs === b.endMs,
  t_finishes: (a, b) => a.startMs > b.startMs && a.endMs === b.endMs,
  t_intersects: (a, b) => a.startMs <= b.endMs && a.endMs >= b.startMs,
  t_meets: (a, b) => a.endMs === b.startMs,
  t_metBy: (a, b) => a.startMs === b.endMs,
  t_overlappedBy: (a, b) => a.startMs > b.startMs && a.startMs < b.endMs && a.endMs > b.endMs,
  t_overlaps: (a, b) => a.startMs < b.startMs && a.endMs > b.startMs && a.endMs < b.endMs,
  t_startedBy: (a, b) => a.startMs === b.startMs && a.endMs > b.endMs,
  t_starts: (a, b) => a.startMs === b.startMs && a.endMs < b.endMs,
};

/** `=`, `<` and the others between times: a day equals every instant in it, and is less than what comes after it. */
export function compareSpans(op: string, a: Span, b: Span): boolean {
  const { t_intersects: meets, t_before: before, t_after: after } = temporalRelations;
  switch (op) {
    case '=':
      return meets(a, b);
    case '<>':
      return !meets(a, b);
    case '<':
      return before(a, b);
    case '>':
      return after(a, b);
    case '<=':
      return !after(a, b);
    default:
      return !before(a, b);
  }
}

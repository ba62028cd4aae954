import type { SpatialPredicate } from '../cql2/operators.ts';
import { type Relation, relate } from './relate.ts';
import { boundsMeet, type Shape } from './shape.ts';

const meets = (r: Relation) => r.II || r.IB || r.BI || r.BB;
const within = (r: Relation) => r.II && !r.IE && !r.BE;

/** OGC 06-103r4, 6.1.15, over the intersection matrix. */
const relations: Readonly<Record<SpatialPredicate, (r: Relation, a: Shape, b: Shape) => boolean>> = {
  s_intersects: meets,
  s_disjoint: (r) => !meets(r),
  s_equals: (r) => r.II && !r.IE && !r.BE && !r.EI && !r.EB,
  s_touches: (r) => !r.II && meets(r),
  s_within: within,
  s_contains: (r) => r.II && !r.EI && !r.EB,
  s_crosses: (r, a, b) => {
    if (a.dimension < b.dimension) return r.II && r.IE;
    if (a.dimension > b.dimension) return r.II && r.EI;
    return a.dimension === 1 && r.II && !r.lineII;
  },
  s_overlaps: (r, a, b) => {
    if (a.dimension !== b.dimension) return false;
    return (a.dimension === 1 ? r.lineII : r.II) && r.IE && r.EI;
  },
};

/**
 * Whether the predicate holds of two geometries; of collections only `s_intersects` and `s_disjoint` can be told, from
 * their members: undefined for the others.
 */
export function holds(
  predicate: SpatialPredicate,
  a: readonly Shape[],
  b: readonly Shape[],
): boolean | undefined {
  const [first, second] = [a[0], b[0]];
  if (a.length === 1 && b.length === 1 && first !== undefined && second !== undefined) {
    return one(predicate, first, second);
  }
  const intersects = a.some((x) => b.some((y) => one('s_intersects', x, y)));
  if (predicate === 's_intersects') return intersects;
  return predicate === 's_disjoint' ? !intersects : undefined;
}

function one(predicate: SpatialPredicate, a: Shape, b: Shape): boolean {
  if (!boundsMeet(a.bounds, b.bounds)) return predicate === 's_disjoint';
  return relations[predicate](relate(a, b), a, b);
}

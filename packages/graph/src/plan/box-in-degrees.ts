import { crsTransformer, parseCrs, WGS84 } from '@swath/geo';
import type { GraphNode } from '../graph/model.ts';
import { cannotPlan } from './refuse.ts';

/** Points a side: over a tile of 110 km in UTM the edge is nowhere farther than 1 m from its image. */
const POINTS_A_SIDE = 16;

/**
 * The polygon in longitude and latitude that a box in another CRS is: its edges are curves there.
 * @param sides west, south, east and north in units of the CRS.
 * @throws SwathError InvalidInput for a CRS that is not known, Unsupported for a box without an image or over the antimeridian.
 */
export function boxInDegrees(node: GraphNode, sides: readonly number[], crs: string) {
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = sides;
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ] as const;
  const { forward } = crsTransformer(parseCrs(crs, node.pointer), WGS84);
  const ring = corners.flatMap(([x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % corners.length]!;
    return Array.from({ length: POINTS_A_SIDE }, (_, i) =>
      forward(x + ((nextX - x) * i) / POINTS_A_SIDE, y + ((nextY - y) * i) / POINTS_A_SIDE),
    );
  });
  if (ring.some(([lon, lat]) => !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)))
    throw cannotPlan(node, `has a box that does not lie in ${crs}`, 'Check its sides, in units of the CRS.');
  const isCut = ring.some(([lon], i) => Math.abs(lon - ring.at(i - 1)![0]) > 180);
  if (isCut)
    throw cannotPlan(
      node,
      'has a box over the antimeridian',
      'Give it in longitude and latitude, west > east.',
    );
  return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] };
}

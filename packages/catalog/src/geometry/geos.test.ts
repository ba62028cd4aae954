import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../../test/fuzz/random.ts';
import { gdalOrWarn, gdalPython } from '../../../../test/support/gdal.ts';
import type { Coordinate, Geometry } from '../cql2/ast.ts';
import { spatialPredicates } from '../cql2/operators.ts';
import { holds } from './predicates.ts';
import { shapesOf } from './shape.ts';

const PAIRS = 6000;
const hasGdal = gdalOrWarn('that spatial predicates say what GEOS says');

type Random = ReturnType<typeof randomOf>;

/** Small whole coordinates, so that vertices meet, edges run along each other and lines end on lines. */
function geometry(random: Random): Geometry {
  const xy = (): Coordinate => [random.below(6), random.below(6)];
  const some = <T>(least: number, most: number, make: () => T): T[] =>
    Array.from({ length: least + random.below(most - least + 1) }, make);
  const ring = (): Coordinate[] => {
    const corners = some(3, 5, xy);
    return [...corners, corners[0] ?? [0, 0]];
  };
  const square = (x: number, y: number, side: number): Coordinate[] => [
    [x, y],
    [x, y + side],
    [x + side, y + side],
    [x + side, y],
    [x, y],
  ];
  const holed = (): Coordinate[][] => {
    const side = 3 + random.below(3);
    const [x, y] = [random.below(3), random.below(3)];
    return [square(x, y, side), square(x + 1, y + 1, 1)];
  };
  switch (random.below(7)) {
    case 0:
      return { type: 'Point', coordinates: xy() };
    case 1:
      return { type: 'MultiPoint', coordinates: some(1, 4, xy) };
    case 2:
      return { type: 'LineString', coordinates: some(2, 5, xy) };
    case 3:
      return { type: 'MultiLineString', coordinates: some(1, 3, () => some(2, 3, xy)) };
    case 4:
      return { type: 'Polygon', coordinates: holed() };
    case 5:
      return { type: 'MultiPolygon', coordinates: some(1, 3, () => [ring()]) };
    default:
      return { type: 'Polygon', coordinates: [ring()] };
  }
}

const script = `
from osgeo import ogr
ogr.UseExceptions()
names = ['Intersects','Disjoint','Equals','Touches','Crosses','Within','Contains','Overlaps']
answers = []
for a, b in json.load(open(sys.argv[1])):
    a, b = (ogr.CreateGeometryFromJson(json.dumps(g)) for g in (a, b))
    usable = all(g.IsValid() and (g.GetGeometryType() not in (2, 5) or g.IsSimple()) for g in (a, b))
    # OGR's own Equals compares the order of vertices; equal point sets are each within the other.
    ask = lambda n: a.Within(b) and b.Within(a) if n == 'Equals' else getattr(a, n)(b)
    answers.append([bool(ask(n)) for n in names] if usable else None)
print(json.dumps(answers))
`;

describe.skipIf(!hasGdal)('spatial predicates', () => {
  it('say what GEOS says of geometries that meet in every way', () => {
    const pairs = Array.from({ length: PAIRS }, (_, index) => {
      const random = randomOf(20_261, index);
      return [geometry(random), geometry(random)] as const;
    });
    const folder = mkdtempSync(join(tmpdir(), 'swath-geos-'));
    const file = join(folder, 'pairs.json');
    writeFileSync(file, JSON.stringify(pairs));
    const answers = gdalPython(script, file) as (boolean[] | null)[];
    rmSync(folder, { recursive: true });
    const usable = answers.filter((answer) => answer !== null).length;
    const different = pairs.flatMap(([a, b], index) => {
      const answer = answers[index] ?? null;
      if (answer === null) return [];
      const own = spatialPredicates.map((name) => holds(name, shapesOf(a), shapesOf(b)));
      return own.every((value, at) => value === answer[at]) ? [] : [{ a, b, own, answer }];
    });
    expect(different.slice(0, 3).map((d) => JSON.stringify(d))).toEqual([]);
    expect(different).toHaveLength(0);
    expect(usable).toBeGreaterThan(PAIRS / 4);
  });
});

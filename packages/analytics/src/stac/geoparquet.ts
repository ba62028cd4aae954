import { SwathError } from '@swath/core';
import { geojsonToWkb, parquetWriteBuffer } from 'hyparquet-writer';
import * as z from 'zod';
import { cellOf, elementsOf, join, type Shape, shapeOf } from './infer.ts';

const position = z.array(z.number()).min(2);
const geometry = z.union([
  z.object({ type: z.literal('Point'), coordinates: position }),
  z.object({ type: z.literal('MultiPoint'), coordinates: z.array(position) }),
  z.object({ type: z.literal('LineString'), coordinates: z.array(position) }),
  z.object({ type: z.literal('MultiLineString'), coordinates: z.array(z.array(position)) }),
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
]);
const item = z.looseObject({
  id: z.string(),
  geometry: geometry.nullable(),
  bbox: z.array(z.number()).min(4).max(6).nullish(),
  properties: z.record(z.string(), z.unknown()),
});
type Item = z.output<typeof item>;

/** Properties that STAC says are instants, with those of extensions in wide use. */
const instants = new Set([
  'datetime',
  'start_datetime',
  'end_datetime',
  'created',
  'updated',
  'expires',
  'published',
]);

/** Fields of an Item itself: a property of the same name has no column of its own. */
const own = ['type', 'stac_version', 'stac_extensions', 'id', 'collection', 'links', 'assets'] as const;

/**
 * STAC Items as one STAC GeoParquet file (stac-geoparquet 1.1): a column per field and per property, geometry as WKB,
 * `bbox` as a structure that GeoParquet 1.1 calls its covering. Fields that are of several types are JSON text.
 *
 * @throws SwathError InvalidInput without an Item, and for what is no Item.
 */
export function stacGeoparquet(items: readonly unknown[]): Uint8Array {
  const parsed = items.map((one, at): Item => {
    const found = item.safeParse(one);
    if (found.success) return found.data;
    throw new SwathError('InvalidInput', `Feature ${at} is no STAC Item: ${z.prettifyError(found.error)}`);
  });
  if (parsed.length === 0) throw new SwathError('InvalidInput', 'There is no Item to write.');
  const columns: readonly (readonly [name: string, shape: Shape, cells: readonly unknown[]])[] = [
    ...own.map((name) =>
      inferred(
        name,
        parsed.map((one) => one[name]),
      ),
    ),
    [
      'geometry',
      { kind: 'bytes' },
      parsed.map((one) => (one.geometry === null ? null : geojsonToWkb(wkbInput(one.geometry)))),
    ],
    ['bbox', bboxShape, parsed.map(({ bbox }) => bboxCell(bbox))],
    ...propertyNames(parsed).map((name) =>
      propertyColumn(
        name,
        parsed.map(({ properties }) => properties[name]),
      ),
    ),
  ];
  const buffer = parquetWriteBuffer({
    schema: [
      { name: 'item', num_children: columns.length },
      ...columns.flatMap(([name, shape]) => elementsOf(name, shape)),
    ],
    columnData: columns.map(([name, shape, cells]) => ({
      name,
      data: cells.map((cell) => cellOf(cell, shape)),
    })),
    kvMetadata: [
      { key: 'geo', value: JSON.stringify(geoMetadata(parsed)) },
      { key: 'stac-geoparquet', value: JSON.stringify({ version: '1.1.0' }) },
    ],
    createdBy: 'swath',
  });
  return new Uint8Array(buffer);
}

const inferred = (name: string, cells: readonly unknown[]) =>
  [name, cells.map(shapeOf).reduce(join, { kind: 'null' }), cells] as const;

function propertyNames(items: readonly Item[]): readonly string[] {
  const taken = new Set<string>([...own, 'geometry', 'bbox']);
  return [...new Set(items.flatMap(({ properties }) => Object.keys(properties)))]
    .filter((name) => !taken.has(name))
    .sort();
}

/** Instants are timestamps where all of them can be read. */
function propertyColumn(name: string, cells: readonly unknown[]) {
  const times = cells.map((cell) => (typeof cell === 'string' ? new Date(cell) : null));
  const readable = cells.every(
    (cell, at) => cell === null || cell === undefined || !Number.isNaN(times[at]?.getTime() ?? Number.NaN),
  );
  if (instants.has(name) && readable) return [name, { kind: 'instant' } as const, times] as const;
  return inferred(name, cells);
}

const sides = ['xmin', 'ymin', 'xmax', 'ymax'] as const;
const bboxShape: Shape = { kind: 'struct', fields: new Map(sides.map((side) => [side, { kind: 'number' }])) };

/** Heights, where an Item has them, are left out: the covering is flat. */
function bboxCell(bbox: Item['bbox']): Readonly<Record<string, number>> | null {
  if (bbox === null || bbox === undefined) return null;
  const [west, south, east, north] = bbox.length === 6 ? [bbox[0], bbox[1], bbox[3], bbox[4]] : bbox;
  return { xmin: west ?? 0, ymin: south ?? 0, xmax: east ?? 0, ymax: north ?? 0 };
}

type WkbInput = Parameters<typeof geojsonToWkb>[0];

/** The same shape; the writer's own type wants tuples. */
const wkbInput = (value: NonNullable<Item['geometry']>): WkbInput => value as unknown as WkbInput;

function geoMetadata(items: readonly Item[]) {
  const types = [...new Set(items.flatMap(({ geometry: one }) => (one === null ? [] : [one.type])))].sort();
  const covering = Object.fromEntries(sides.map((side) => [side, ['bbox', side]]));
  return {
    version: '1.1.0',
    primary_column: 'geometry',
    columns: { geometry: { encoding: 'WKB', geometry_types: types, covering: { bbox: covering } } },
  };
}

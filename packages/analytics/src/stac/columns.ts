import type { ColumnSource } from 'hyparquet-writer';
import { geojsonToWkb } from 'hyparquet-writer';
import { cellOf, elementsOf, join, type Shape, shapeOf } from './infer.ts';
import { type Box, bounds, boxOf, type Item, type ItemGeometry, typeName } from './item.ts';

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
const taken = new Set<string>([...own, 'geometry', 'bbox']);

/** A column of the table, and how an Item fills its cell. */
export interface ItemColumn {
  readonly name: string;
  readonly shape: Shape;
  cell(item: Item): unknown;
}

/** What has been seen of Items so far: enough to lay out the table of all of them, without holding any. */
export interface ItemShapes {
  add(item: Item): void;
  readonly count: number;
  /** Columns that hold every Item added, in the order of the file. */
  columns(): readonly ItemColumn[];
  /** The `geo` entry of the file: GeoParquet 1.1.0; without `crs` it is OGC:CRS84, longitude before latitude. */
  geoMetadata(): object;
}

export function itemShapes(): ItemShapes {
  const fields = new Map<string, Shape>(own.map((name) => [name, { kind: 'null' }]));
  const properties = new Map<string, Shape>();
  /** Those with a value that is no readable instant. */
  const unreadable = new Set<string>();
  const types = new Set<string>();
  let all: Box | undefined;
  let count = 0;
  const widen = (shapes: Map<string, Shape>, name: string, value: unknown) =>
    shapes.set(name, join(shapes.get(name) ?? { kind: 'null' }, shapeOf(value)));
  return {
    add(item) {
      count++;
      for (const name of own) widen(fields, name, item[name]);
      for (const [name, value] of Object.entries(item.properties)) {
        if (taken.has(name)) continue;
        widen(properties, name, value);
        if (value !== null && instantOf(value) === null) unreadable.add(name);
      }
      if (item.geometry === null) return;
      types.add(typeName(item.geometry));
      all = around(all, bounds(item.geometry));
    },
    get count() {
      return count;
    },
    columns: () => [
      ...[...fields].map(([name, shape]): ItemColumn => ({ name, shape, cell: (item) => item[name] })),
      { name: 'geometry', shape: { kind: 'bytes' }, cell: wkbOf },
      { name: 'bbox', shape: bboxShape, cell: bboxCell },
      ...[...properties]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, shape]): ItemColumn => {
          if (instants.has(name) && !unreadable.has(name)) {
            return { name, shape: { kind: 'instant' }, cell: (item) => instantOf(item.properties[name]) };
          }
          return { name, shape, cell: (item) => item.properties[name] };
        }),
    ],
    geoMetadata: () => ({
      version: '1.1.0',
      primary_column: 'geometry',
      columns: {
        geometry: {
          encoding: 'WKB',
          geometry_types: [...types].sort(),
          ...(all === undefined ? {} : { bbox: all }),
          covering: { bbox: Object.fromEntries(sides.map((side) => [side, ['bbox', side]])) },
        },
      },
    }),
  };
}

/** Schema of the columns, depth first, as Parquet lists it. */
export const schemaOfItems = (columns: readonly ItemColumn[]) => [
  { name: 'item', num_children: columns.length },
  ...columns.flatMap(({ name, shape }) => elementsOf(name, shape)),
];

/** Items as the writer takes them, column by column. */
export const columnData = (columns: readonly ItemColumn[], items: readonly Item[]): ColumnSource[] =>
  columns.map(({ name, shape, cell }) => ({ name, data: items.map((item) => cellOf(cell(item), shape)) }));

function instantOf(value: unknown): Date | null {
  const time = typeof value === 'string' ? new Date(value) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? null : time;
}

const sides = ['xmin', 'ymin', 'xmax', 'ymax'] as const;
const bboxShape: Shape = { kind: 'struct', fields: new Map(sides.map((side) => [side, { kind: 'number' }])) };

function bboxCell(item: Item): Readonly<Record<string, number>> | null {
  const box = boxOf(item);
  if (box === undefined) return null;
  const [xmin, ymin, xmax, ymax] = box;
  return { xmin, ymin, xmax, ymax };
}

type WkbInput = Parameters<typeof geojsonToWkb>[0];

/** The same shape; the writer's own type wants tuples. */
const wkbInput = (value: ItemGeometry): WkbInput => value as unknown as WkbInput;

const wkbOf = ({ geometry }: Item) => (geometry === null ? null : geojsonToWkb(wkbInput(geometry)));

const around = (a: Box | undefined, b: Box | undefined): Box | undefined =>
  a === undefined || b === undefined
    ? (a ?? b)
    : [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];

import { SwathError } from '@swath/core';
import * as z from 'zod';

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

/** A STAC Item as far as a table of Items has to understand it. */
export type Item = z.output<typeof item>;
export type ItemGeometry = NonNullable<Item['geometry']>;

/** @param at number of the Item, for the message. @throws SwathError InvalidInput. */
export function parseItem(value: unknown, at: number): Item {
  const found = item.safeParse(value);
  if (found.success) return found.data;
  throw new SwathError('InvalidInput', `Feature ${at} is no STAC Item: ${z.prettifyError(found.error)}`);
}

/** West, south, east, north in degrees. */
export type Box = readonly [xmin: number, ymin: number, xmax: number, ymax: number];

/** The Item's own bbox without heights, else that of its geometry: readers that filter by it leave out rows without one. */
export function boxOf({ bbox, geometry: one }: Item): Box | undefined {
  if (bbox === null || bbox === undefined) return one === null ? undefined : bounds(one);
  const [west = 0, south = 0, east = 0, north = 0] =
    bbox.length === 6 ? [bbox[0], bbox[1], bbox[3], bbox[4]] : bbox;
  return [west, south, east, north];
}

/** undefined without a position. */
export function bounds(geometry: ItemGeometry): Box | undefined {
  let box: Box | undefined;
  for (const [x = 0, y = 0] of positionsOf(geometry)) {
    box =
      box === undefined
        ? [x, y, x, y]
        : [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
  }
  return box;
}

/** Name of the type as GeoParquet wants it: `Polygon`, or `Polygon Z` with heights. */
export function typeName(geometry: ItemGeometry): string {
  const [first = []] = positionsOf(geometry);
  return first.length > 2 ? `${geometry.type} Z` : geometry.type;
}

function positionsOf({ type, coordinates }: ItemGeometry): readonly (readonly number[])[] {
  switch (type) {
    case 'Point':
      return [coordinates];
    case 'MultiPoint':
    case 'LineString':
      return coordinates;
    case 'MultiLineString':
    case 'Polygon':
      return coordinates.flat();
    case 'MultiPolygon':
      return coordinates.flat(2);
  }
}

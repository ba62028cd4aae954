import { aDate, aDateTime, type Schema } from '../../registry/schema.ts';

/** Edges in longitude and latitude, or in the CRS it names. */
export const boundingBox: Schema = {
  type: 'object',
  subtype: 'bounding-box',
  required: ['west', 'south', 'east', 'north'],
  properties: {
    west: { type: 'number' },
    south: { type: 'number' },
    east: { type: 'number' },
    north: { type: 'number' },
    crs: {
      anyOf: [
        { type: 'integer', subtype: 'epsg-code', minimum: 1000 },
        { type: 'string', subtype: 'wkt2-definition' },
      ],
      default: 4326,
    },
  },
};

/** Start and end, which is not included; null is open. */
export const interval: Schema = {
  type: 'array',
  subtype: 'temporal-interval',
  minItems: 2,
  maxItems: 2,
  items: { anyOf: [aDateTime, aDate, { type: 'null' }] },
};

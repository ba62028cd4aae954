import type { Aoi, BboxWgs84 } from '@swath/geo';
import type { SceneQuery } from '@swath/ports';

/** A small valid Item at [x, x + 1] x [0, 1]. */
export function makeItem(
  id: string,
  change: { readonly x?: number; readonly [field: string]: unknown } = {},
) {
  const { x = 0, properties, ...fields } = change;
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: [],
    id,
    collection: 'c',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [x, 0],
          [x + 1, 0],
          [x + 1, 1],
          [x, 1],
          [x, 0],
        ],
      ],
    },
    bbox: [x, 0, x + 1, 1],
    properties: { datetime: '2024-05-01T10:00:00Z', ...Object(properties) },
    links: [],
    assets: {
      red: {
        href: `https://data.test/${encodeURIComponent(id)}.tif`,
        type: 'image/tiff; application=geotiff',
      },
    },
    ...fields,
  };
}

export function makeAoi(box: BboxWgs84, change: Partial<Aoi> = {}): Aoi {
  const [west, south, east, north] = box;
  return {
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    },
    bboxes: [box],
    areaKm2: 1,
    clip: false,
    ...change,
  };
}

export function makeQuery(change: Partial<SceneQuery> = {}): SceneQuery {
  return { collections: ['c'], limit: 100, ...change };
}

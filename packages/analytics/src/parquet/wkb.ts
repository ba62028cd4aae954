import { geojsonToWkb } from 'hyparquet-writer';

type WkbInput = Parameters<typeof geojsonToWkb>[0];

/** A GeoJSON geometry that was checked, as WKB; null for none. */
export function wkbOf(geometry: object | null): Uint8Array | null {
  // The same shape; the writer's own type wants tuples that may be written to.
  return geometry === null ? null : geojsonToWkb(geometry as WkbInput);
}

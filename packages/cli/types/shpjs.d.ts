/** The part of shpjs 6 that is used; the package has no types. */
declare module 'shpjs' {
  interface Geometry {
    readonly type: string;
    readonly coordinates?: unknown;
    readonly geometries?: readonly Geometry[];
  }
  interface FeatureCollection {
    readonly features: readonly { readonly geometry: Geometry | null }[];
  }
  /** @param projection WKT of a .prj file; coordinates come back as longitude and latitude. */
  export function parseShp(shp: Uint8Array, projection?: string): Geometry[];
  export function parseZip(zip: Uint8Array): Promise<FeatureCollection | FeatureCollection[]>;
}

/** The part of shpjs 6 that is used; the package has no types. */
declare module 'shpjs' {
  interface Geometry {
    readonly type: string;
    readonly coordinates?: unknown;
    readonly geometries?: readonly Geometry[];
  }
  interface FeatureCollection {
    readonly features: readonly {
      readonly geometry: Geometry | null;
      readonly properties?: Readonly<Record<string, unknown>> | null;
    }[];
  }
  /** @param projection WKT of a .prj file; coordinates come back as longitude and latitude. */
  export function parseShp(shp: Uint8Array, projection?: string): Geometry[];
  /** Rows of a .dbf. @param encoding a .cpg file. */
  export function parseDbf(dbf: Uint8Array, encoding?: Uint8Array): Readonly<Record<string, unknown>>[];
  export function parseZip(zip: Uint8Array): Promise<FeatureCollection | FeatureCollection[]>;
}

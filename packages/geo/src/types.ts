/** [longitude, latitude] in degrees, WGS 84 (RFC 7946). */
export type LonLat = readonly [lon: number, lat: number];

/** [west, south, east, north] in degrees. Never crosses the antimeridian: split first. */
export type BboxWgs84 = readonly [west: number, south: number, east: number, north: number];

/** [minX, minY, maxX, maxY] in the units of some CRS. */
export type Bounds = readonly [minX: number, minY: number, maxX: number, maxY: number];

/**
 * GDAL's order: `x = gt[0] + col * gt[1] + row * gt[2]`, `y = gt[3] + col * gt[4] + row * gt[5]`,
 * where (col, row) = (0, 0) is the outer corner of the first pixel.
 */
export type Geotransform = readonly [
  originX: number,
  pixelWidth: number,
  rowRotation: number,
  originY: number,
  colRotation: number,
  pixelHeight: number,
];

/**
 * `EPSG:<code>` where the CRS has a code, else a PROJ string (`+proj=sinu ...`). Equal strings mean equal CRS.
 */
export type CrsId = string;

/** The output pixel grid, chosen before any pixel is read. */
export interface Grid {
  readonly crs: CrsId;
  readonly geotransform: Geotransform;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** A rectangle of pixels of a grid or image: columns [x, x + width), rows [y, y + height). */
export interface PixelWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PolygonGeometry {
  readonly type: 'Polygon';
  readonly coordinates: readonly (readonly LonLat[])[];
}

export interface MultiPolygonGeometry {
  readonly type: 'MultiPolygon';
  readonly coordinates: readonly (readonly (readonly LonLat[])[])[];
}

/** Area of interest, validated, split at the antimeridian, wound as RFC 7946 asks. */
export interface Aoi {
  readonly geometry: PolygonGeometry | MultiPolygonGeometry;
  /** One box per part; two where the area crosses the antimeridian. */
  readonly bboxes: readonly BboxWgs84[];
  readonly areaKm2: number;
  /**
   * True when the user drew a shape: pixels whose centre lies outside become nodata (openEO's rule for
   * `filter_spatial`). False for a bbox: every pixel of the grid counts.
   */
  readonly clip: boolean;
}

import * as z from 'zod';

/**
 * The request specification: the one schema behind REST, CLI and `swath run`. Documented in docs/requests.md.
 * Syntax and ranges are decided here; meaning that needs more than the document (known index, band, collection,
 * CRS, valid geometry) in `checkSpec`.
 */

const finite = z.number();
const nodata = z.union([finite, z.literal('nan')]);

/** [west, south, east, north] in degrees; west > east crosses the antimeridian and is refused with a hint. */
const bbox = z.tuple([finite, finite, finite, finite]);

const geometry = z.looseObject({ type: z.string(), coordinates: z.array(z.unknown()).optional() });

/** Zones in GeoJSON, ids of stored areas, or the zones of an earlier request as it shows them. */
const zones = z.union([
  z.looseObject({ type: z.literal('FeatureCollection'), features: z.array(z.unknown()) }),
  z.array(z.string().min(1).max(128)).min(1).max(1000),
  z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex'),
    features: z.int().min(1).max(10_000),
    bbox,
  }),
]);

/** A bare GeoTIFF. Files in a row form one scene until a band name repeats or the datetime changes. */
const bareFile = z.strictObject({
  href: z.string().min(1).max(4096),
  band: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a letter, then letters, digits or _'),
  bandIndex: z.int().min(1).max(1024).optional(),
  datetime: z.iso.datetime({ offset: true }).optional(),
  nodata: nodata.optional(),
  scale: finite.optional(),
  offset: finite.optional(),
});

const pipeline = z.union([
  z.strictObject({
    index: z.string().min(1).max(64),
    /** Constants of the formula, where they are not the catalogue's: `{"L": 0.5}`. */
    constants: z.record(z.string().min(1).max(64), finite).optional(),
  }),
  z.strictObject({
    expression: z.string().min(1).max(2000),
    /** Names used in the expression -> common name or asset key. */
    bands: z.record(z.string(), z.string().min(1).max(128)).optional(),
    /** Name of the output band. */
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/)
      .optional(),
  }),
  /** The bands themselves, one output band each. */
  z.strictObject({ bands: z.array(z.string().min(1).max(128)).min(1).max(32) }),
]);

const mask = z.union([
  z.enum(['clouds', 'none']),
  z.strictObject({
    /** Common name or asset key; by default the scene's own quality band (scl, qa_pixel, fmask). */
    band: z.string().min(1).max(128).optional(),
    classes: z.array(z.int().min(0).max(65535)).min(1).max(256),
  }),
  z.strictObject({
    band: z.string().min(1).max(128).optional(),
    bits: z.array(z.int().min(0).max(31)).min(1).max(32),
  }),
]);

const radiometry = z.union([
  z.enum(['reflectance', 'raw']),
  z.strictObject({ scale: finite, offset: finite.default(0) }),
]);

const grid = z.union([
  z.literal('native'),
  z.strictObject({
    /** `EPSG:32631`. By default the CRS of the finest band. */
    crs: z.string().min(1).max(1024).optional(),
    /** Pixel size in units of the CRS. By default that of the finest band. */
    resolution: finite.positive().optional(),
    /** [minX, minY, maxX, maxY] in units of the CRS. By default the AOI, snapped outwards to the grid. */
    bounds: z.tuple([finite, finite, finite, finite]).optional(),
    resampling: z.enum(['nearest', 'bilinear', 'cubic', 'average', 'mode', 'min', 'max']).optional(),
  }),
]);

const output = z.strictObject({
  dtype: z.enum(['float32', 'int16', 'uint16', 'uint8', 'int32']).default('float32'),
  /** Stored value = round(value * scale) for integer types (`scale: 10000`). Default 10000 for int16 and uint16, else 1. */
  scale: finite.positive().optional(),
  /** Default NaN for float32, the lowest value of signed types, 0 of unsigned ones. */
  nodata: nodata.optional(),
});

export const requestSpec = z.strictObject({
  /** GeoJSON geometry (Polygon, MultiPolygon; Feature and FeatureCollection of one are unwrapped), bbox, or AOI id. */
  aoi: z.union([bbox, geometry, z.string().min(1).max(128)]).optional(),
  /**
   * Polygons to give statistics of, one row per zone, date and band: a FeatureCollection of up to 10,000, or ids of stored
   * areas. Without `aoi` the area is the box around them.
   */
  zones: zones.optional(),

  /** The property that names a zone, where that is not the feature's `id`. */
  zoneId: z.string().min(1).max(128).optional(),

  /** RFC 3339 instant or interval: `2024-05-01/2024-08-31`, `2024-05-01T00:00:00Z/..`. Both ends are included. */
  datetime: z.string().min(1).max(100).optional(),
  /** Id of a configured provider. */
  provider: z.string().min(1).max(64).optional(),
  collections: z.array(z.string().min(1).max(256)).min(1).max(16).optional(),
  /** Paths or URLs of STAC Items, or bare GeoTIFFs. */
  items: z
    .array(z.union([z.string().min(1).max(4096), bareFile]))
    .min(1)
    .max(1000)
    .optional(),
  pipeline,
  mask: mask.default('clouds'),
  maxCloudCoverPercent: finite.min(0).max(100).optional(),
  composite: z.enum(['none', 'first', 'max', 'min', 'mean', 'median']).default('none'),
  radiometry: radiometry.default('reflectance'),
  grid: grid.default('native'),
  output: output.prefault({}),
  retentionDays: z.int().min(1).max(3650).default(30),
  name: z.string().min(1).max(200).optional(),
  labels: z.record(z.string().min(1).max(63), z.string().max(200)).optional(),
});

/** As a user writes it. */
export type RequestSpecInput = z.input<typeof requestSpec>;
/** With defaults filled in. */
export type RequestSpec = z.output<typeof requestSpec>;

/** Every bound of this package, with its reason. */

/** Positions in an area of interest. A detailed national coast has a few thousand; validation stays under 250 ms. */
export const MAX_AOI_VERTICES = 10_000;

/** Nesting of GeoJSON: FeatureCollection > Feature > geometry is 3. */
export const MAX_GEOJSON_NESTING = 3;

/** Smallest area, square metres: one pixel of the finest imagery anyone orders (1 m). A slip of the mouse is smaller. */
export const MIN_AOI_AREA_M2 = 1;

/** Largest area, square kilometres: about 100 Sentinel-2 tiles, 10^10 pixels of 10 m. Larger areas are split by users. */
export const MAX_AOI_AREA_KM2 = 1_000_000;

/**
 * Edge pairs looked at while searching crossings: 1,000 per vertex at the vertex limit, about 150 ms. A coast needs
 * about 5 per vertex; only a comb of long slanted teeth comes near.
 */
export const MAX_EDGE_PAIRS = 10_000_000;

/** Characters of a CRS text; the longest definition of EPSG in PROJ's words has under 300. */
export const MAX_CRS_TEXT = 1024;

/** Pixels along one side of a grid: indexes stay exact in int32 and far from the 2^53 of doubles. */
export const MAX_GRID_SIDE = 2 ** 31 - 1;

/**
 * Pixel fraction by which a bound may pass a grid line and still count as on it: 10 micrometres for 10 m pixels, far above
 * floating dust (1e-9 pixels) and far below anything visible.
 */
export const SNAP_TOLERANCE_PIXELS = 1e-6;

/** Points per edge when a rectangle is brought to another CRS; GDAL takes 21 and does not refine the extremes as we do. */
export const BBOX_EDGE_POINTS = 33;

/** Points per edge of the footprint in an Item: the shape of a 110 km tile to within metres, in 84 positions. */
export const FOOTPRINT_EDGE_POINTS = 21;

/** Largest distance of a projected edge of the clip from its true curve: 1 % of a pixel, below what a pixel centre can tell. */
export const CLIP_TOLERANCE_PIXELS = 0.01;

/** Halvings of one clip edge: 65,536 pieces are enough for an edge across the globe at 10 m. */
export const MAX_CLIP_HALVINGS = 16;

/** Zones of one request: the fields of a county. Rows are these times dates times bands. */
export const MAX_ZONES = 10_000;

/** Positions of all zones together: 25 each at the limit above, which outlines a field; checked in about 3 s. */
export const MAX_ZONE_VERTICES = 250_000;

/** Characters of a zone's id: a UUID has 36, an id of a land register about 60. */
export const MAX_ZONE_ID_CHARS = 128;

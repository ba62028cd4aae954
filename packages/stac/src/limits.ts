/** Limits on what an Item from elsewhere may make us do. Real Items: at most 60 kB, 80 assets, 2,000 vertices. */

/** Nesting of an Item's JSON. Deepest real Item seen: 10 (projjson). Keeps recursive code off the stack's end. */
export const maxJsonDepth = 64;

/** Values in one Item's JSON. The largest real Item seen has 12,000. */
export const maxJsonValues = 200_000;

/** Assets of one Item. Largest seen: 74 (stactools Sentinel-2). */
export const maxAssets = 1000;

/** Bands of one asset. Hyperspectral sensors have up to 430 (EnMAP, PRISMA, EMIT). */
export const maxBandsPerAsset = 1000;

/** Classes or bit fields kept of one band: 256 values of a uint8, with room. */
export const maxClasses = 1024;

/** Characters of an href: 2,083 is what clients agree on; S3 keys have 1,024 bytes, up to three characters each escaped. */
export const maxHrefLength = 4096;

/** Characters of an Item id or collection id; the STAC API limits neither. An S3 key has 1,024 bytes. */
export const maxIdLength = 512;

/** Vertices of a footprint. Largest seen: 1,900 (Sentinel-3). */
export const maxFootprintVertices = 100_000;

/** Largest side of a raster an Item may state, in pixels. Tiff's 32-bit fields allow 4 G; GDAL's limit is 2^31 - 1. */
export const maxRasterSide = 2_147_483_647;

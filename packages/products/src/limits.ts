/** Assets opened or copied at once: enough to hide round trips, few enough for providers' rate limits. */
export const ASSETS_AT_ONCE = 8;

/** Side of the window looked at for the smallest DN where even the smallest overview is larger: 1 Mpixel. */
export const LOOK_SIDE_PIXELS = 1024;

/** Bytes of one read while copying or hashing: 8 MiB keeps a connection busy and two of them in memory. */
export const COPY_PART_BYTES = 8 * 1024 * 1024;

/** A copy that arrives corrupt is fetched again once; the same twice is the provider's truth. */
export const COPY_TRIES = 2;

/** Longest side of a thumbnail, pixels. */
export const THUMBNAIL_SIDE_PIXELS = 512;

/** Largest document of Items that `swath run` reads: a FeatureCollection of a thousand Items has about 10 MiB. */
export const ITEMS_BYTES_MAX = 32 * 1024 * 1024;

/** 1,024 x 1,024 pixels: two COG blocks a side, 4 MiB a float32 plane. What is done and tried again at once; a Batch child makes a run of them (`chunksPerChild`). */
export const chunkSize = 1024;
/** Each may become a child of its own when it is tried again, and Batch's largest array is this. */
export const maxChunks = 10_000;
/** One result each; a ten-year series of every overpass of one tile is about 700. */
export const maxProducts = 1_000;
/** Rows of statistics of one request, by zone, date and band: 10,000 fields over 25 dates; the recorder holds them in memory. */
export const maxZoneRows = 250_000;
/** Pixels of one product: twenty Sentinel-2 tiles at 10 m are 2.4e9. */
export const maxProductPixels = 4_000_000_000;
/** Pixels on a side: 32-bit TIFF fields, and a whole UTM zone at 10 m fits. */
export const maxGridSide = 1_000_000;
/** Resolutions closer than this share count as equal (floating dust of metadata). */
export const resolutionTolerance = 1e-9;
/** Deflate on noisy imagery halves it, about; for the estimate only. */
export const compressionGuess = 0.55;

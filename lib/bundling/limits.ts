/**
 * Bytes of the modules that a handler's cold start reads: its entry and what that imports statically. Lambda parses all of it
 * before the first event. The API and order hold the AWS SDK (0.45 MB), zod, the CRS code and our own.
 */
export const ENTRY_BYTES_MAX = { api: 1_500_000, other: 1_300_000 } as const;

/** Bytes of one handler's whole folder, unzipped: what is loaded on demand comes on top (undici, LERC, JPEG 2000, EPSG codes, the writer of Parquet). */
export const HANDLER_BYTES_MAX = 4_600_000;

/** Bytes of the container image's own content, above its base image: 19 MB of it are sharp and libvips. */
export const IMAGE_BYTES_MAX = 30_000_000;

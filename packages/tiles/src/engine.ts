/**
 * The pixel engine, loaded by the first picture: a process that only describes pictures (routes, TileJSON, capabilities) starts
 * without its kernels and decoders.
 */
export const engine = () => import('@swath/raster/process/process-window');

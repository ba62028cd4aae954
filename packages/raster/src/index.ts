export {
  type CogBand,
  type CogReport,
  type CogSpec,
  DEFAULT_BLOCK_SIZE,
  type ReadPlanes,
} from './cog/spec.ts';
export { writeCog } from './cog/write.ts';
export type * from './expression/ast.ts';
export { evaluate } from './expression/evaluate.ts';
export { formatExpression } from './expression/format.ts';
export * from './expression/limits.ts';
export { bandsOf, parseExpression } from './expression/parse.ts';
export type * from './image.ts';
export { type BandChecksum, type RasterInfoJson, rasterInfo } from './info.ts';
export { type ImageOpener, imageOpener, type OpenerOptions } from './opener.ts';
export { hexOf, type Rgb } from './picture/colour.ts';
export { encodeRgba, type PictureFormat, renderThumbnail } from './picture/encode.ts';
export { type Legend, type LegendTick, legendOf } from './picture/legend.ts';
export { type OverviewPlanes, type OverviewRequest, readOverview } from './picture/overview.ts';
export { isRampName, RAMPS, type Ramp, type RampName } from './picture/ramps.ts';
export { type PictureInput, renderRgba, stretchRange, type ValueRange } from './picture/render.ts';
export { terminalPicture } from './picture/terminal.ts';
export { processWindow } from './process/process-window.ts';
export type * from './process/work.ts';
export { type BufferedSource, bufferedSource } from './source/buffered.ts';
export { fileSource } from './source/file.ts';
export { type HttpTransport, httpTransport } from './source/http.ts';
export { memorySource } from './source/memory.ts';
export type { HttpTuning } from './source/retry.ts';
export { checkUrl, isPublicAddress, publicName, type UrlPolicy } from './source/url-policy.ts';
export {
  addBlock,
  createStatistics,
  dnStatistics,
  mergeStatistics,
  type StatisticsAccumulator,
  valueStatistics,
} from './stats/accumulator.ts';
export type { GridPixels } from './warp/grid-pixels.ts';
export { type GridRead, gridPlane } from './warp/grid-plane.ts';
export { readOnGrid } from './warp/read-on-grid.ts';

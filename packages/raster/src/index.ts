export {
  checkUrl,
  type HttpTransport,
  type HttpTuning,
  httpTransport,
  isPublicAddress,
  publicName,
  type UrlPolicy,
} from '@swath/http';
export {
  type CogBand,
  type CogReport,
  type CogSpec,
  DEFAULT_BLOCK_SIZE,
  type ReadPlanes,
} from './cog/spec.ts';
export { type ProductOptions, type ProductReport, writeCog, writeProduct } from './cog/write.ts';
export { type Executor, inlineExecutor } from './engine/executor.ts';
export type { PixelSource } from './engine/lane.ts';
export { type WindowWorker, windowWorker } from './engine/window-worker.ts';
export { type WorkerOptions, workerExecutor } from './engine/worker-executor.ts';
export type * from './expression/ast.ts';
export { compileExpression } from './expression/compile.ts';
export { evaluate } from './expression/evaluate.ts';
export { formatExpression } from './expression/format.ts';
export type * from './expression/kernel.ts';
export { kernelCache } from './expression/kernel-cache.ts';
export * from './expression/limits.ts';
export { bandsOf, parseExpression } from './expression/parse.ts';
export type * from './image.ts';
export { type BandChecksum, type RasterInfoJson, rasterInfo } from './info.ts';
export { type Locate, type Location, openerOver } from './open-located.ts';
export { type ImageOpener, imageOpener, type OpenerOptions } from './opener.ts';
export { hexOf, RAMP_STEPS, type Rgb, rampTable, stopTable } from './picture/colour.ts';
export { encodeRgba, type PictureFormat, renderThumbnail } from './picture/encode.ts';
export { type Legend, type LegendTick, legendOf } from './picture/legend.ts';
export { type OverviewPlanes, type OverviewRequest, readOverview } from './picture/overview.ts';
export { encodePng } from './picture/png.ts';
export { isRampName, RAMPS, type Ramp, type RampName } from './picture/ramps.ts';
export { type PictureInput, renderRgba, stretchRange, type ValueRange } from './picture/render.ts';
export { terminalPicture } from './picture/terminal.ts';
export { addCounts, noPixels, processWindow } from './process/process-window.ts';
export type * from './process/work.ts';
export { type BufferedSource, bufferedSource } from './source/buffered.ts';
export { fileSource } from './source/file.ts';
export { memorySource } from './source/memory.ts';
export { type GridRead, gridPlane } from './warp/grid-plane.ts';
export { type GridPixels, readOnGrid } from './warp/read-on-grid.ts';
export type { ZoneStatistics } from './zones/summarise.ts';

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
export type * from './process/work.ts';
export { type BufferedSource, bufferedSource } from './source/buffered.ts';
export { fileSource } from './source/file.ts';
export { type HttpTransport, httpTransport } from './source/http.ts';
export { memorySource } from './source/memory.ts';
export type { HttpTuning } from './source/retry.ts';
export { checkUrl, isPublicAddress, publicName, type UrlPolicy } from './source/url-policy.ts';

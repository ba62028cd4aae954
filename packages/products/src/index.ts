export { type AcquireInput, acquireScenes } from './acquire/acquire-scenes.ts';
export { copyAsset, rawKey } from './acquire/copy-asset.ts';
export { type JobFailure, jobFailure } from './failure.ts';
export { COPY_PART_BYTES } from './limits.ts';
export { type ProcessedChunk, processChunk } from './process/process-chunk.ts';
export { type PublishInput, publishProduct } from './publish/publish-product.ts';
export type { ResultStore } from './publish/result-store.ts';
export { objectSource, sourceOpener } from './sources.ts';

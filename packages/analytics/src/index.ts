export { type CompactDeps, type Compacted, compact } from './compact/compact.ts';
export type { TableFiles } from './files.ts';
export { COMPACT_PERIOD_S } from './limits.ts';
export * from './record/record-request.ts';
export type * from './sql/answer.ts';
export type { SqlCatalogue } from './sql/catalogue.ts';
export * from './tables/index.ts';

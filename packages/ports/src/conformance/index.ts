export * from './bus.ts';
export * from './jobs.ts';
export * from './objects.ts';
export * from './part-uploads.ts';
export * from './queue.ts';
export * from './secrets.ts';
export type { Deviations, SuiteOptions } from './support.ts';
export * from './table.ts';

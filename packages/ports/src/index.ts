export type * from './jobs.ts';
export type * from './objects.ts';
export type * from './others.ts';
export type * from './provider.ts';
export type * from './queue.ts';
export type * from './table.ts';

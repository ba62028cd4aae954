export * from './bus.ts';
export * from './links.ts';
export * from './objects.ts';
export * from './part-links.ts';
export * from './queue.ts';
export * from './stores.ts';
export * from './table.ts';

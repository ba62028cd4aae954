export * from './bus.ts';
export * from './clock.ts';
export * from './jobs.ts';
export * from './objects.ts';
export * from './queue.ts';
export * from './random.ts';
export * from './secrets.ts';
export * from './table.ts';

export * from './estimate.ts';
export * from './rates.ts';
export { type JobsUsed, usedOf } from './used.ts';

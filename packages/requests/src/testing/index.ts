export * from '../testing.ts';
export * from './job-runner.ts';
export * from './provider.ts';
export * from './spec.ts';
export * from './world.ts';

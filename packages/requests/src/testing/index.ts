export * from './job-runner.ts';
export * from './provider.ts';
export * from './scenes.ts';
export * from './world.ts';

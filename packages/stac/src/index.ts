export * from './radiometry-types.ts';
export * from './scene.ts';

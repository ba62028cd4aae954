export type * from './deps.ts';
export * from './limits.ts';
export * from './manifest.ts';
export * from './names.ts';
export type * from './product.ts';
export * from './reasons.ts';
export * from './spec.ts';
export * from './states.ts';
export type * from './view.ts';

export type * from './deps.ts';
export * from './manifest.ts';
export type * from './product.ts';
export * from './spec.ts';
export type * from './view.ts';

export type * from './product.ts';
export * from './spec.ts';

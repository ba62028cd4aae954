/** What travels over HTTP, without the server: for clients, which start faster without it. */
export * from './aoi.ts';
export * from './catalogue.ts';
export * from './common.ts';
export * from './plan.ts';
export * from './product.ts';
export * from './request.ts';
export * from './upload.ts';
export * from './usage.ts';

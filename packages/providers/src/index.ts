export * from './earth-search.ts';
export type { HttpDeps } from './http/client.ts';
export * from './items/read-items.ts';
export * from './local/catalogue.ts';
export { type StacApiOptions, stacApiItems, stacApiProvider } from './stac-api/provider.ts';

export { catalogueRequest, sampleRequest } from './first-request.ts';
export { type LocalOptions, type LocalRuntime, startLocal } from './runtime.ts';

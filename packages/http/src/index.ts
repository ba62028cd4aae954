export { isPublicAddress } from './address.ts';
export type { Resolve, ResolvedAddress } from './guard.ts';
export { type Fetch, type FetchAnswer, type FetchRequest, guardedFetch } from './guarded-fetch.ts';
export type { RangeSource, RangeSourceOptions } from './range-source.ts';
export { type HttpTuning, type RetryAfterUnit, retryAfterMs } from './retry.ts';
export { type HttpTransport, httpTransport, type TransportOptions } from './transport.ts';
export { checkUrl, publicName, type UrlPolicy } from './url-policy.ts';

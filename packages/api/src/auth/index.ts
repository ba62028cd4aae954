export { bearerIdentity } from './identify.ts';
export { type Issuer, type IssuerInput, issuers } from './issuer.ts';
export type { ReadJson } from './keys.ts';
export { KEYS_DEADLINE_MS, KEYS_LIMIT_BYTES, KEYS_TIMEOUT_MS } from './limits.ts';
export { isRefusalReason, type RefusalReason, refusalError, refusals } from './refusal.ts';
export { tokenVerifier, type Verdict, type Verified, type VerifyToken } from './verify.ts';

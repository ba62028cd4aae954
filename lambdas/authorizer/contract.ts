import { type IssuerInput, issuers } from '@swath/api/auth/issuer';
import * as z from 'zod';
import { parseJsonText } from '../support/environment.ts';

/** Reading an issuer's configuration and keys, each within KEYS_DEADLINE_MS of 6 s. */
const TIMEOUT_S = 15;

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'authorizer',
  environment: z.object({
    /** JSON: the issuers whose tokens are taken (packages/api/src/auth/issuer.ts). */
    SWATH_ISSUERS: z.string().transform(parseJsonText).pipe(issuers),
    /** Name of the secret that CloudFront sends along, where callers must come through CloudFront (WAF). */
    SWATH_ORIGIN_SECRET: z.string().min(1).exactOptional(),
  }),
  /** Seconds API Gateway keeps an answer for the same identity sources. */
  cacheS: 300,
  timeoutS: TIMEOUT_S,
  memoryMb: 512,
} as const;

/** Header that carries the origin secret. */
export const ORIGIN_HEADER = 'x-swath-origin';

export type { IssuerInput };

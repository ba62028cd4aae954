import { TOKEN_LIMIT_CHARS } from './limits.ts';
import type { RefusalReason } from './refusal.ts';

export interface Bearer {
  /** Compact JWS: three base64url parts. Not verified. */
  readonly token: string;
  /** Of openEO's form; the token has to be that provider's. */
  readonly providerId?: string;
}

const jws = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * The token of an Authorization header: `Bearer <jwt>`, or `Bearer oidc/<providerId>/<jwt>` as openEO clients send it
 * (openEO API 1.2, section Authentication). openEO's `basic//` is not offered.
 */
export function parseBearer(header: string): Bearer | RefusalReason {
  if (header.length > TOKEN_LIMIT_CHARS) return 'malformed';
  const words = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (words === undefined) return 'scheme';
  const parts = words.split('/');
  if (parts.length === 1) return jws.test(words) ? { token: words } : 'malformed';
  const [scheme, providerId, token] = parts;
  if (scheme !== 'oidc' || parts.length !== 3) return 'scheme';
  if (providerId === undefined || providerId === '' || token === undefined) return 'scheme';
  return jws.test(token) ? { token, providerId } : 'malformed';
}

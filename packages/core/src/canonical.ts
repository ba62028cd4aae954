import { createHash } from 'node:crypto';
import canonicalizeJson from 'canonicalize';
import { SwathError } from './errors.ts';

/** Values that survive a round trip through JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** RFC 8785 canonical JSON: equal values give equal text whatever their key order or number spelling. */
export function canonicalJson(value: unknown): string {
  const canonicalize = canonicalizeJson as unknown as (input: unknown) => string | undefined;
  const text = canonicalize(value);
  if (text === undefined) throw new SwathError('Bug', 'value has no JSON form');
  return text;
}

/** Lower-case hex sha256 (64 characters) of text (UTF-8) or bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** sha256 over the canonical JSON of a value: the identity of requests, manifests and results. */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

import { contentHash, SwathError } from '@swath/core';
import * as z from 'zod';
import { MAX_SORT_FIELDS, MAX_TOKEN_CHARS } from '../limits.ts';
import type { Position } from './query.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const content = z.tuple([
  z.literal(1),
  z.string(),
  z.union([
    z.strictObject({ kind: z.literal('item'), values: z.array(value).max(MAX_SORT_FIELDS + 2) }),
    z.strictObject({ kind: z.literal('time'), beforeMs: z.number() }),
  ]),
]);

/** Enough of a hash to tell one search from another by mistake; nobody gains anything by finding a second. */
const CHECK_CHARS = 16;

const check = (fingerprint: string, position: Position) =>
  contentHash([fingerprint, position]).slice(0, CHECK_CHARS);

/**
 * A place in the order of a search, not a row of the table: it never expires, and Items that come or go before it change
 * nothing after it. It holds no secret and opens nothing: the project is the caller's, whatever the token says. The
 * checksum is there so that a token cut in half, or sent with another search, is refused instead of skipping Items.
 */
export function closeToken(fingerprint: string, position: Position): string {
  return Buffer.from(JSON.stringify([1, check(fingerprint, position), position])).toString('base64url');
}

/** @throws InvalidInput when it is none of this search. */
export function openToken(fingerprint: string, token: string): Position {
  if (token.length <= MAX_TOKEN_CHARS) {
    const parsed = content.safeParse(jsonOf(token));
    if (parsed.success && parsed.data[1] === check(fingerprint, parsed.data[2])) return parsed.data[2];
  }
  throw new SwathError('InvalidInput', 'The token is none of this search.', {
    pointer: '/token',
    fix: 'Follow the "next" link with the same search, or begin again without a token.',
  });
}

function jsonOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    // No JSON: refused by the caller like any other foreign token.
    return undefined;
  }
}

import { SwathError, toSwathError } from '@swath/core';
import { HttpError, type ProblemContext, problemOf } from '../problem.ts';
import type { ProblemCode } from '../schemas/common.ts';

/** Error codes of RFC 6749, 5.2 and RFC 8628, 3.5, as far as these routes have them. */
export type OauthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'authorization_pending'
  | 'slow_down'
  | 'access_denied'
  | 'expired_token';

/** An answer that clients of OAuth read. @param description may be shown; no secret. */
export const oauthError = (reason: OauthErrorCode, description: string): SwathError =>
  new SwathError('InvalidInput', description, { reason });

/** RFC 6749 has no word for most of what HTTP can say: these are its words for the authorization endpoint. */
const others: Readonly<Partial<Record<ProblemCode, string>>> = {
  Throttled: 'temporarily_unavailable',
  Unavailable: 'temporarily_unavailable',
  Cancelled: 'temporarily_unavailable',
  Unsupported: 'unsupported_grant_type',
  Bug: 'server_error',
  Corrupt: 'server_error',
};

/** Anything thrown, in the form of RFC 6749, 5.2, beside which clients of OAuth read none. */
export function oauthProblem(thrown: unknown, context: ProblemContext): Response {
  const { status, headers, body } = problemOf(thrown, context);
  // What a Swath error says of itself in OAuth's words; what another standard says is not one.
  const reason = thrown instanceof HttpError ? undefined : toSwathError(thrown).reason;
  const isOurs = reason !== undefined && body.code === 'InvalidInput';
  const error = isOurs ? reason : (others[body.code] ?? 'invalid_request');
  return new Response(JSON.stringify({ error, error_description: plain(body.detail) }), {
    status: error === 'invalid_client' ? 401 : status,
    headers: { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  });
}

/** `error_description` may not hold quotes, backslashes or anything beyond ASCII (RFC 6749, 5.2). */
const plain = (text: string): string => text.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?');

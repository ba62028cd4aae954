import { HttpError } from '../problem.ts';

interface Words {
  readonly status: 401 | 403;
  readonly message: string;
  readonly fix: string;
}

const renew = 'Sign in again and send the new token.';

/** Why a token is not taken. Closed, and without a word from the token itself: reasons travel through logs and caches. */
export const refusals = {
  scheme: {
    status: 401,
    message: 'The Authorization header holds no bearer token.',
    fix: 'Send "Authorization: Bearer <token>" or, from openEO clients, "Bearer oidc/<provider>/<token>".',
  },
  malformed: { status: 401, message: 'The token is not a signed JSON Web Token.', fix: renew },
  'unknown-issuer': {
    status: 401,
    message: 'The token is from an issuer that this deployment does not know.',
    fix: 'Sign in at the issuer that GET /credentials/oidc names.',
  },
  'wrong-provider': {
    status: 401,
    message: 'The token is from another issuer than the one its prefix names.',
    fix: 'Send the token with the prefix of the provider that issued it.',
  },
  algorithm: {
    status: 401,
    message: 'The token is signed in a way that is not accepted here.',
    fix: 'Let the issuer sign with RS256, PS256, ES256 or EdDSA.',
  },
  signature: { status: 401, message: "The token's signature does not fit its issuer's keys.", fix: renew },
  expired: { status: 401, message: 'The token has expired.', fix: renew },
  'not-yet-valid': {
    status: 401,
    message: 'The token is not valid yet.',
    fix: 'Check the clock of the issuer, then sign in again.',
  },
  audience: {
    status: 401,
    message: 'The token was made for another application.',
    fix: 'Sign in with the client id of this deployment.',
  },
  'token-use': {
    status: 401,
    message: 'The token is of the wrong kind.',
    fix: 'Send the access token, not the ID token.',
  },
  claims: { status: 401, message: 'The token lacks a claim it needs, or one is not valid.', fix: renew },
  'no-role': {
    status: 403,
    message: 'You are signed in, but have no role here.',
    fix: 'Ask an administrator for one of the groups viewer, requester, operator, admin; then sign in again.',
  },
  'no-project': {
    status: 403,
    message: 'You are signed in, but the token does not name one project.',
    fix: 'Ask an administrator to put you into exactly one group "project:<id>", or to configure the claim that names it.',
  },
} as const satisfies Readonly<Record<string, Words>>;

export type RefusalReason = keyof typeof refusals;

export const isRefusalReason = (text: string): text is RefusalReason => Object.hasOwn(refusals, text);

/** The refusal as the API words it: a problem document, and the challenge of RFC 6750 section 3. */
export function refusalError(reason: RefusalReason): HttpError {
  const { status, message, fix }: Words = refusals[reason];
  return new HttpError(status === 401 ? 'Unauthenticated' : 'Forbidden', message, {
    fix,
    headers: {
      'WWW-Authenticate': `Bearer error="${status === 401 ? 'invalid_token' : 'insufficient_scope'}", error_description="${message}"`,
    },
  });
}

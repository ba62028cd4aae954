import type { Clock } from '@swath/ports';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type LocalJWKSet } from 'jose';
import type { Identity } from '../deps.ts';
import { parseBearer } from './bearer.ts';
import { groupsOf, projectOf, rolesOf, userOf } from './claims.ts';
import type { Issuer } from './issuer.ts';
import { issuerKeys, type Keys, type ReadJson } from './keys.ts';
import { CLOCK_TOLERANCE_S } from './limits.ts';
import type { RefusalReason } from './refusal.ts';

/**
 * Signatures by a private key alone. Never `none`; never HS256 and its kin, with which anybody who reads an issuer's
 * public key could sign (RFC 8725 section 2.1).
 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

export interface Verified extends Identity {
  readonly user: string;
  /** Unix seconds after which the token says nothing any more. */
  readonly expiresS: number;
}

export type Verdict = { readonly identity: Verified } | { readonly refusal: RefusalReason };

export type VerifyToken = (authorization: string) => Promise<Verdict>;

/**
 * Reads an Authorization header against the configured issuers. Everything in it is hostile until the signature fits:
 * the unverified `iss` only selects which configured issuer's keys to try.
 *
 * @returns who it is, or why not. @throws SwathError Unavailable when an issuer's keys cannot be read: try again.
 */
export function tokenVerifier(deps: {
  readonly issuers: readonly Issuer[];
  readonly readJson: ReadJson;
  readonly clock: Clock;
}): VerifyToken {
  const known = new Map(
    deps.issuers.map((issuer) => [issuer.issuer, { issuer, keys: issuerKeys(issuer, deps) }]),
  );
  return async (authorization) => {
    const bearer = parseBearer(authorization);
    if (typeof bearer === 'string') return { refusal: bearer };
    const iss = issuerNamed(bearer.token);
    if (typeof iss !== 'object') return { refusal: iss };
    const found = known.get(iss.name);
    if (found === undefined) return { refusal: 'unknown-issuer' };
    const { issuer, keys } = found;
    if (bearer.providerId !== undefined && bearer.providerId !== issuer.id)
      return { refusal: 'wrong-provider' };
    const payload = await verified(bearer.token, issuer, keys, new Date(deps.clock.now()));
    if (typeof payload === 'string') return { refusal: payload };
    return judge(payload, issuer);
  };
}

function issuerNamed(token: string): { readonly name: string } | RefusalReason {
  try {
    const { alg } = decodeProtectedHeader(token);
    if (typeof alg !== 'string' || !ALGORITHMS.includes(alg)) return 'algorithm';
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? { name: iss } : 'claims';
  } catch {
    // jose throws JWTInvalid or TypeError for what is no token: the caller's fault whichever it is.
    return 'malformed';
  }
}

/** The payload, once signature and registered claims hold. */
async function verified(
  token: string,
  issuer: Issuer,
  keys: Keys,
  now: Date,
): Promise<JWTPayload | RefusalReason> {
  const check = async (set: LocalJWKSet) =>
    (
      await jwtVerify(token, set, {
        algorithms: ALGORITHMS,
        issuer: issuer.issuer,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: now,
        ...(issuer.audiences.length === 0 ? {} : { audience: [...issuer.audiences] }),
      })
    ).payload;
  const known = await keys.current();
  try {
    return await check(known);
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) return reasonOf(error);
  }
  const renewed = await keys.refreshed();
  if (renewed === undefined) return 'signature';
  try {
    return await check(renewed);
  } catch (error) {
    return reasonOf(error);
  }
}

/** @throws what is no finding about the token. */
function reasonOf(error: unknown): RefusalReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'audience';
    if (error.claim === 'nbf') return 'not-yet-valid';
    return 'claims';
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  // A key that fits by name and not by kind or size, a critical header nobody knows, a signature that does not hold.
  if (error instanceof errors.JOSEError || error instanceof TypeError) return 'signature';
  throw error;
}

function judge(payload: JWTPayload, issuer: Issuer): Verdict {
  const { exp, sub } = payload;
  if (typeof exp !== 'number' || typeof sub !== 'string' || sub === '') return { refusal: 'claims' };
  if (issuer.clients.length > 0) {
    const client = payload['client_id'] ?? payload['azp'];
    if (typeof client !== 'string' || !issuer.clients.includes(client)) return { refusal: 'audience' };
  }
  if (issuer.tokenUse !== undefined && !issuer.tokenUse.some((use) => use === payload['token_use'])) {
    return { refusal: 'token-use' };
  }
  const groups = groupsOf(payload, issuer);
  const roles = rolesOf(groups, issuer);
  if (roles.length === 0) return { refusal: 'no-role' };
  const project = projectOf(payload, groups, issuer);
  if (project === undefined) return { refusal: 'no-project' };
  return { identity: { project, user: userOf(sub, issuer), roles, expiresS: exp } };
}

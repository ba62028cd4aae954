import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Role } from '@swath/api';
import type { Issuer } from '@swath/api/auth/index';
import { SwathError } from '@swath/core';
import type { Clock } from '@swath/ports';
import { importJWK, SignJWT } from 'jose';
import * as z from 'zod';
import { keptFile } from '../kept-file.ts';
import { TOKEN_LIFE_MAX_H } from './limits.ts';

const ALGORITHM = 'ES256';
/** Whom tokens are for, and the client that devices name. */
export const AUDIENCE = 'swath';
const KEY_FILE = 'dev-issuer.json';

/** The private key as it is kept; the public one is the same without `d`. */
const privateKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

/** Names of projects that tokens can carry; the same as of groups `project:<id>` (packages/api/src/auth/claims.ts). */
const PROJECT = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export interface DevToken {
  readonly role: Role;
  readonly project: string;
  readonly lifeH: number;
}

/**
 * An OpenID Connect issuer of one machine: whoever can read the data folder can make tokens of it, which is everybody
 * who could read the data as well. Its tokens are verified by the code that verifies those of any other issuer.
 */
export interface DevIssuer {
  /** As the verifier of tokens takes it. */
  readonly issuer: Issuer;
  /** Its public documents, by path: the OpenID configuration and the key set. */
  readonly documents: ReadonlyMap<string, object>;
  /** @throws SwathError InvalidInput on a project or life that cannot be. */
  sign(token: DevToken): Promise<string>;
}

/**
 * @param folder data folder: the key is kept there, and made when it is absent.
 * @param url address of the server, without a slash at the end: the name of the issuer. Tokens are good for that address.
 */
export function devIssuer({
  folder,
  url,
  clock,
}: {
  readonly folder: string;
  readonly url: string;
  readonly clock: Clock;
}): DevIssuer {
  const secret = readKey(folder);
  const { d: _secret, ...open } = secret;
  const kid = createHash('sha256').update(JSON.stringify(open)).digest('base64url').slice(0, 16);
  const keysPath = '/.well-known/jwks.json';
  const issuer: Issuer = {
    id: 'dev',
    issuer: url,
    audiences: [AUDIENCE],
    clients: [],
    groupsClaim: ['groups'],
    roles: { viewer: 'viewer', requester: 'requester', operator: 'operator', admin: 'admin' },
    keysUrl: `${url}${keysPath}`,
  };
  return {
    issuer,
    documents: new Map<string, object>([
      [
        '/.well-known/openid-configuration',
        {
          issuer: url,
          jwks_uri: `${url}${keysPath}`,
          // Tokens are printed in a terminal; devices get them by the API's own /oidc.
          response_types_supported: [],
          grant_types_supported: [],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: [ALGORITHM],
        },
      ],
      [keysPath, { keys: [{ ...open, kid, alg: ALGORITHM, use: 'sig' }] }],
    ]),
    async sign({ role, project, lifeH }) {
      checkToken(project, lifeH);
      const nowS = Math.floor(clock.now() / 1000);
      return new SignJWT({ groups: [role, `project:${project}`] })
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'at+jwt' })
        .setIssuer(url)
        .setAudience(AUDIENCE)
        .setSubject(`dev-${role}`)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + Math.round(lifeH * 3600))
        .sign(await importJWK(secret, ALGORITHM));
    },
  };
}

function checkToken(project: string, lifeH: number): void {
  if (!PROJECT.test(project)) {
    throw new SwathError('InvalidInput', `"${project.slice(0, 80)}" is no name of a project.`, {
      fix: 'Use 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit.',
    });
  }
  if (!(lifeH > 0 && lifeH <= TOKEN_LIFE_MAX_H)) {
    throw new SwathError('InvalidInput', `A token cannot live for ${lifeH} hours.`, {
      fix: `Ask for at most ${TOKEN_LIFE_MAX_H} hours.`,
    });
  }
}

/** @throws SwathError Corrupt. */
function readKey(folder: string): z.output<typeof privateKey> {
  const fresh = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const text = keptFile(folder, KEY_FILE, JSON.stringify(fresh)).toString();
  try {
    return privateKey.parse(JSON.parse(text));
  } catch (cause) {
    throw new SwathError('Corrupt', 'The key of the dev issuer is damaged.', {
      fix: `Delete ${KEY_FILE} in the data folder: tokens made so far stop working.`,
      cause,
    });
  }
}

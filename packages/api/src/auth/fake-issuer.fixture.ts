import { SwathError } from '@swath/core';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** 2026-01-01T00:00:00Z, when all tokens of tests are made. */
export const NOW_S = 1_767_225_600;

/** An issuer in memory: it signs tokens, and answers for its documents under its own name only. */
export async function fakeIssuer(address = 'https://issuer.example/pool', alg = 'RS256') {
  const makeKey = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } as JWK };
  };
  let key = await makeKey('key-1');
  const documents = new Map<string, unknown>();
  const publish = (keys: readonly JWK[]) => {
    documents.set(`${address}/.well-known/openid-configuration`, {
      issuer: address,
      jwks_uri: `${address}/keys`,
    });
    documents.set(`${address}/keys`, { keys });
  };
  publish([key.jwk]);
  const reads: string[] = [];
  return {
    address,
    /** Addresses read so far. */
    reads,
    documents,
    get key() {
      return key;
    },
    /** A new key takes the place of the old one. */
    async rotate(kid = 'key-2') {
      key = await makeKey(kid);
      publish([key.jwk]);
    },
    readJson: async (url: URL): Promise<unknown> => {
      reads.push(url.href);
      const document = documents.get(url.href);
      if (document === undefined) throw new SwathError('Unavailable', 'The issuer does not answer.');
      return document;
    },
    claims: (more: JWTPayload = {}): JWTPayload => ({
      iss: address,
      sub: 'person-1',
      aud: 'swath',
      iat: NOW_S - 10,
      exp: NOW_S + 3600,
      groups: ['requester'],
      ...more,
    }),
    async sign(claims: JWTPayload, header: { readonly kid?: string; readonly [name: string]: unknown } = {}) {
      return new SignJWT(claims).setProtectedHeader({ alg, kid: key.kid, ...header }).sign(key.privateKey);
    },
  };
}

import { SwathError } from '@swath/core';
import type { Clock } from '@swath/ports';
import { createLocalJWKSet, type LocalJWKSet } from 'jose';
import * as z from 'zod';
import type { Issuer } from './issuer.ts';
import { KEYS_LIFE_MS, KEYS_PAUSE_MS, KEYS_STALE_MS } from './limits.ts';

/** JSON at an https address. @throws SwathError. */
export type ReadJson = (url: URL) => Promise<unknown>;

/** OpenID Connect Discovery 1.0, section 3: what is read of it. */
const discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https$/ }) });

/** RFC 7517. Only what a public signing key can be: secrets (`oct`) in a key set are left out. */
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

export interface Keys {
  /** The keys as they are known. @throws SwathError Unavailable when none could be read. */
  current(): Promise<LocalJWKSet>;
  /** Read anew, for a key that is not among them; undefined when they were read, or tried, a moment ago. */
  refreshed(): Promise<LocalJWKSet | undefined>;
}

/**
 * The keys of one issuer, read when needed. An issuer that does not answer is asked again after a pause, and the keys
 * read before serve on for a day: sign-in at the issuer may be down while people who are signed in work.
 */
export function issuerKeys(
  issuer: Issuer,
  deps: { readonly readJson: ReadJson; readonly clock: Clock },
): Keys {
  let known: { readonly set: LocalJWKSet; readonly readMs: number } | undefined;
  let triedMs = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let pending: Promise<void> | undefined;

  const read = async () => {
    triedMs = deps.clock.now();
    try {
      known = { set: await readKeys(issuer, deps.readJson), readMs: deps.clock.now() };
      failure = undefined;
    } catch (error) {
      failure = error;
    } finally {
      pending = undefined;
    }
  };
  const mayTry = () => pending !== undefined || deps.clock.now() - triedMs >= KEYS_PAUSE_MS;
  const readOnce = () => {
    pending ??= read();
    return pending;
  };

  return {
    async current() {
      const ageMs = known === undefined ? Number.POSITIVE_INFINITY : deps.clock.now() - known.readMs;
      if (ageMs >= KEYS_LIFE_MS && mayTry()) await readOnce();
      if (known !== undefined && deps.clock.now() - known.readMs < KEYS_STALE_MS) return known.set;
      throw new SwathError('Unavailable', `The keys of the issuer "${issuer.id}" cannot be read now.`, {
        fix: 'Repeat in a minute.',
        cause: failure,
      });
    },
    async refreshed() {
      if (!mayTry()) return undefined;
      await readOnce();
      return failure === undefined ? known?.set : undefined;
    },
  };
}

/** @throws SwathError Corrupt for documents that are none, or another issuer's; what `readJson` throws. */
async function readKeys(issuer: Issuer, readJson: ReadJson): Promise<LocalJWKSet> {
  const parsed = keySet.safeParse(await readJson(await keysUrl(issuer, readJson)));
  const keys = parsed.data?.keys.filter(({ kty }) => kty === 'RSA' || kty === 'EC' || kty === 'OKP') ?? [];
  if (keys.length === 0) {
    throw new SwathError('Corrupt', `The key set of the issuer "${issuer.id}" holds no public key.`);
  }
  return createLocalJWKSet({ keys });
}

async function keysUrl(issuer: Issuer, readJson: ReadJson): Promise<URL> {
  if (issuer.keysUrl !== undefined) return new URL(issuer.keysUrl);
  const address = `${issuer.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const parsed = discovery.safeParse(await readJson(new URL(address)));
  if (!parsed.success || parsed.data.issuer !== issuer.issuer) {
    throw new SwathError('Corrupt', `The configuration of the issuer "${issuer.id}" is not its own.`);
  }
  return new URL(parsed.data.jwks_uri);
}

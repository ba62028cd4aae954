import { isSwathError, SwathError } from '@swath/core';
import * as z from 'zod';
import { tokenAnswer } from '../schemas/oidc.ts';
import type { DeviceSignIn } from './config.ts';
import { type Form, needed, shaped } from './form.ts';
import { VERIFIER_PATTERN } from './limits.ts';
import { type OauthErrorCode, oauthError } from './oauth-error.ts';
import { takeSignIn } from './poll.ts';

type TokenAnswer = z.output<typeof tokenAnswer>;

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const refusal = z.object({ error: z.enum(['invalid_grant', 'invalid_request', 'invalid_client']) });

/** Where the issuer sends people back to. */
export const callbackUrl = (pagesUrl: string): string => `${pagesUrl}/device/callback`;

/**
 * One question at the token endpoint: of a device, or one that is passed on to the issuer, because clients know one token
 * endpoint for all their grants.
 * @param pagesUrl scheme and host of the pages for people.
 * @throws SwathError with a reason of RFC 6749, 5.2 or RFC 8628, 3.5; Unavailable when the issuer does not answer.
 */
export async function tokensFor(deps: DeviceSignIn, pagesUrl: string, form: Form): Promise<TokenAnswer> {
  const grant = needed(form, 'grant_type');
  const client = needed(form, 'client_id');
  checkClient(deps, client);
  if (grant === DEVICE_GRANT) return await tokensOfDevice(deps, pagesUrl, form);
  if (grant === 'refresh_token') {
    const fields = { grant_type: grant, client_id: client, refresh_token: needed(form, 'refresh_token') };
    return await ask(deps, fields);
  }
  if (grant === 'authorization_code') {
    const code_verifier = shaped(form, 'code_verifier', VERIFIER_PATTERN) ?? needed(form, 'code_verifier');
    const [code, redirect_uri] = [needed(form, 'code'), needed(form, 'redirect_uri')];
    return await ask(deps, { grant_type: grant, client_id: client, code, redirect_uri, code_verifier });
  }
  throw oauthError(
    'unsupported_grant_type',
    `Grants are ${DEVICE_GRANT}, refresh_token, authorization_code.`,
  );
}

/** @throws SwathError invalid_client. */
export function checkClient({ config }: DeviceSignIn, client: string): void {
  if (client !== config.client) throw oauthError('invalid_client', 'This client is not known here.');
}

async function tokensOfDevice(deps: DeviceSignIn, pagesUrl: string, form: Form): Promise<TokenAnswer> {
  const { code, verifier } = await takeSignIn(deps, {
    deviceCode: needed(form, 'device_code'),
    verifier: shaped(form, 'code_verifier', VERIFIER_PATTERN),
  });
  try {
    return await ask(deps, {
      grant_type: 'authorization_code',
      client_id: deps.config.client,
      code,
      redirect_uri: callbackUrl(pagesUrl),
      code_verifier: verifier,
    });
  } catch (error) {
    // The device did nothing wrong: the issuer's code, which lives for five minutes, has ended before it came.
    if (!isSwathError(error, 'InvalidInput')) throw error;
    throw oauthError('expired_token', 'The sign-in was too long ago: ask for another code.');
  }
}

/** Tokens as the issuer made them, or its refusal. */
async function ask(deps: DeviceSignIn, fields: Readonly<Record<string, string>>): Promise<TokenAnswer> {
  const { status, json } = await deps.askTokens(fields);
  const tokens = tokenAnswer.safeParse(json);
  if (status === 200 && tokens.success) return tokens.data;
  const refused = refusal.safeParse(json);
  if (status >= 400 && status < 500 && refused.success) {
    const reason: OauthErrorCode = refused.data.error;
    throw oauthError(reason, 'The issuer refused.');
  }
  throw new SwathError('Unavailable', 'The issuer does not give tokens now.', {
    fix: 'Repeat in a minute.',
    cause: new Error(`status ${status}`),
  });
}

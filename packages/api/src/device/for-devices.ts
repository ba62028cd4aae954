import type { Call } from '../route.ts';
import { shownUserCode } from './codes.ts';
import type { DeviceSignIn } from './config.ts';
import { newDeviceCode } from './device-codes.ts';
import { needed, readForm, shaped } from './form.ts';
import { CHALLENGE_PATTERN, DEVICE_CODE_LIFE_S, POLL_INTERVAL_S } from './limits.ts';
import { oauthError } from './oauth-error.ts';
import { checkClient, tokensFor } from './token.ts';

/** Scheme and host that the issuer sends people back to. */
export const pagesUrlOf = ({ config }: DeviceSignIn, { baseUrl }: Pick<Call, 'baseUrl'>): string =>
  config.pagesUrl ?? baseUrl;

/** RFC 8628, 3.1 and 3.2. Scopes are ours whatever is asked for: clients add some that the issuer does not know. */
export async function authorizeDevice(deps: DeviceSignIn, call: Call) {
  const form = await readForm(call.request);
  checkClient(deps, needed(form, 'client_id'));
  const challenge = shaped(form, 'code_challenge', CHALLENGE_PATTERN);
  if (challenge !== undefined && form.get('code_challenge_method') !== 'S256') {
    throw oauthError('invalid_request', 'The code_challenge_method has to be S256.');
  }
  const { deviceCode, userCode } = await newDeviceCode(deps, challenge);
  const page = `${pagesUrlOf(deps, call)}/device`;
  return {
    device_code: deviceCode,
    user_code: shownUserCode(userCode),
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${shownUserCode(userCode)}`,
    expires_in: DEVICE_CODE_LIFE_S,
    interval: POLL_INTERVAL_S,
  };
}

/** RFC 8628, 3.4 and 3.5, and what is passed on. */
export async function giveTokens(deps: DeviceSignIn, call: Call) {
  return await tokensFor(deps, pagesUrlOf(deps, call), await readForm(call.request));
}

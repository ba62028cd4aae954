import { createHash, randomBytes } from 'node:crypto';
import type { AskTokens, DeviceSignInConfig } from '@swath/api';
import type { VerifyToken } from '@swath/api/auth/index';
import { readBytes } from '@swath/api/door';
import { html } from '@swath/api/html/escape';
import { page } from '@swath/api/html/layout';
import { htmlSecurityHeaders } from '@swath/api/html/security';
import type { Clock } from '@swath/ports';
import { SIGN_IN_CODE_LIFE_S, SIGN_IN_CODES_MAX, SIGN_IN_FORM_BYTES } from './limits.ts';

/** Where people sign in. */
export const SIGN_IN_PATH = '/dev-issuer/authorize';

/** What stands in for Cognito's hosted sign-in and its token endpoint. */
export interface DevSignIn {
  readonly config: DeviceSignInConfig;
  readonly askTokens: AskTokens;
  /** Answers `SIGN_IN_PATH`. @throws HttpError 413. */
  page(request: Request): Promise<Response>;
}

/**
 * The authorization code flow with PKCE (RFC 6749, 4.1; RFC 7636), for device codes to be tried on a laptop. Who signs in
 * shows that he may by a token that was printed in the terminal, and that token is what his device gets: a page that
 * asked for less would let in everybody with an account on this machine. Codes are kept in memory alone.
 *
 * @param url of the server, without a slash at the end.
 */
export function devSignIn({
  url,
  client,
  verify,
  clock,
}: {
  readonly url: string;
  readonly client: string;
  readonly verify: VerifyToken;
  readonly clock: Clock;
}): DevSignIn {
  const codes = new Map<
    string,
    { readonly token: string; readonly challenge: string; readonly endMs: number; readonly expiresS: number }
  >();
  const callback = `${url}/device/callback`;

  /** @returns where to send the person, or undefined when the token is none. */
  async function signIn(form: URLSearchParams): Promise<string | undefined> {
    const token = (form.get('token') ?? '').trim();
    const verdict = await verify(`Bearer ${token}`);
    if ('refusal' in verdict) return undefined;
    const code = randomBytes(32).toString('base64url');
    const [oldest] = codes.keys();
    if (codes.size >= SIGN_IN_CODES_MAX && oldest !== undefined) codes.delete(oldest);
    codes.set(code, {
      token,
      challenge: form.get('code_challenge') ?? '',
      endMs: clock.now() + SIGN_IN_CODE_LIFE_S * 1000,
      expiresS: verdict.identity.expiresS,
    });
    return `${callback}?${new URLSearchParams({ code, state: form.get('state') ?? '' })}`;
  }

  return {
    config: {
      provider: 'dev',
      client,
      pagesUrl: url,
      scopes: ['openid'],
      issuer: url,
      authorizationEndpoint: `${url}${SIGN_IN_PATH}`,
      tokenEndpoint: `${url}/oidc/token`,
      jwksUri: `${url}/.well-known/jwks.json`,
    },
    async askTokens(form) {
      const code = form['code'] ?? '';
      const found = codes.get(code);
      codes.delete(code);
      const challenge = createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url');
      const holds =
        form['grant_type'] === 'authorization_code' &&
        form['redirect_uri'] === callback &&
        found?.challenge === challenge &&
        clock.now() < found.endMs;
      if (!holds) return { status: 400, json: { error: 'invalid_grant' } };
      const expires_in = Math.floor(found.expiresS - clock.now() / 1000);
      return { status: 200, json: { access_token: found.token, token_type: 'Bearer', expires_in } };
    },
    async page(request) {
      if (request.method === 'GET') return signInPage(url, new URL(request.url).searchParams, undefined);
      if (request.method !== 'POST')
        return new Response(null, { status: 405, headers: { Allow: 'GET, POST' } });
      const form = new URLSearchParams(
        new TextDecoder().decode(await readBytes(request, SIGN_IN_FORM_BYTES)),
      );
      const next = await signIn(form);
      if (next === undefined) return signInPage(url, form, 'This is no token of this server.');
      return new Response(null, { status: 303, headers: { Location: next, 'Cache-Control': 'no-store' } });
    },
  };
}

function signInPage(baseUrl: string, asked: URLSearchParams, trouble: string | undefined): Response {
  const kept = ['state', 'code_challenge'].map(
    (name) => html`<input type="hidden" name="${name}" value="${asked.get(name) ?? ''}">`,
  );
  const answer = page({
    title: 'Sign in',
    baseUrl,
    body: html`<h1>Sign in to this machine</h1>
${trouble === undefined ? null : html`<div class="box bad" role="alert"><p>${trouble}</p></div>`}
<p class="lead">Paste one of the tokens that were printed when the server started, or one of <code>npx swath token</code>. The device gets that token.</p>
<form class="actions" method="post" action="${baseUrl}${SIGN_IN_PATH}">${kept}<label for="token">Token</label>
<input id="token" name="token" type="password" required autocomplete="off"><button>Sign in</button></form>`,
  });
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(htmlSecurityHeaders)) headers.set(name, value);
  return new Response(answer.body, { status: trouble === undefined ? 200 : 403, headers });
}

import { type FixedClock, fixedClock } from '@swath/ports/memory/index';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeviceSystem, startDeviceSystem } from '../../../../test/support/device-system.ts';
import { formBrowser } from '../../../../test/support/form-browser.ts';
import { challengeOf, newSecret } from './codes.ts';
import { DEVICE_CODE_LIFE_S, POLL_INTERVAL_S } from './limits.ts';
import { DEVICE_GRANT } from './token.ts';

let clock: FixedClock;
let system: DeviceSystem;
beforeEach(async () => {
  clock = fixedClock(Date.UTC(2026, 0, 1));
  system = await startDeviceSystem(clock);
});
afterEach(async () => {
  await system.close();
});

interface Codes {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
}
type Fields = Readonly<Record<string, string>>;

const post = (path: string, fields: Fields, headers: Fields = {}) =>
  fetch(`${system.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers });

async function said(answer: Promise<Response>): Promise<{ status: number; body: Record<string, unknown> }> {
  const { status, headers, ...response } = await answer.then(async (one) => ({
    status: one.status,
    headers: one.headers,
    body: (await one.json()) as Record<string, unknown>,
  }));
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('cache-control')).toBe('no-store');
  return { status, body: response.body };
}

async function ask(more: Fields = {}): Promise<Codes> {
  const fields = { client_id: system.hosted.client, scope: 'openid offline_access', ...more };
  const { status, body } = await said(post('/oidc/device_authorization', fields));
  expect(status).toBe(200);
  return body as unknown as Codes;
}

const poll = (device_code: string, more: Fields = {}) =>
  said(
    post('/oidc/token', { grant_type: DEVICE_GRANT, client_id: system.hosted.client, device_code, ...more }),
  );

const wait = () => clock.advance(POLL_INTERVAL_S * 1000);

describe('a device in front of Cognito', () => {
  it('is signed in by a person without scripts, and gets the issuer’s own tokens, once', async () => {
    const codes = await ask();
    expect(codes).toMatchObject({ expires_in: 900, interval: 5, verification_uri: `${system.url}/device` });
    expect((await poll(codes.device_code)).body['error']).toBe('authorization_pending');
    const browser = formBrowser();
    const page = await browser.open(codes.verification_uri_complete);
    expect(page.text).toContain(codes.user_code);
    expect(page.text).toContain('2026-01-01 00:00:00 UTC');
    const done = await browser.submit(page, { answer: 'allow' });
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('You are signed in')]);
    expect(system.hosted.asked).toHaveLength(0);
    wait();
    const { status, body } = await poll(codes.device_code);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, refresh_token: expect.any(String) });
    const me = await fetch(`${system.url}/me`, {
      headers: { authorization: `Bearer oidc/cognito/${String(body['access_token'])}` },
    });
    expect([me.status, await me.json()]).toEqual([200, expect.objectContaining({ user_id: 'oak' })]);
    wait();
    expect((await poll(codes.device_code)).body['error']).toBe('invalid_grant');
    const refreshed = await said(
      post('/oidc/token', {
        grant_type: 'refresh_token',
        client_id: system.hosted.client,
        refresh_token: String(body['refresh_token']),
      }),
    );
    expect(refreshed).toMatchObject({ status: 200, body: { access_token: expect.any(String) } });
  });

  it('is bound to the verifier of its challenge', async () => {
    const code_verifier = newSecret();
    const codes = await ask({ code_challenge: challengeOf(code_verifier), code_challenge_method: 'S256' });
    const browser = formBrowser();
    await browser.submit(await browser.open(codes.verification_uri_complete), { answer: 'allow' });
    expect((await poll(codes.device_code)).body['error']).toBe('invalid_grant');
    expect((await poll(codes.device_code, { code_verifier: newSecret() })).body['error']).toBe(
      'invalid_grant',
    );
    expect((await poll(codes.device_code, { code_verifier })).status).toBe(200);
  });

  it('is told of a refusal, on our page and on the issuer’s', async () => {
    const browser = formBrowser();
    const here = await ask();
    const page = await browser.open(here.verification_uri_complete);
    expect((await browser.submit(page, { answer: 'refuse' })).text).toContain('Refused');
    expect((await poll(here.device_code)).body['error']).toBe('access_denied');
    system.hosted.person = 'refuses';
    const there = await ask();
    await browser.submit(await browser.open(there.verification_uri_complete), { answer: 'allow' });
    expect((await poll(there.device_code)).body['error']).toBe('access_denied');
  });

  it('is told when its code has ended, or the issuer’s has', async () => {
    const late = await ask();
    clock.advance(DEVICE_CODE_LIFE_S * 1000);
    expect((await poll(late.device_code)).body['error']).toBe('expired_token');
    const browser = formBrowser();
    const gone = await browser.open(late.verification_uri_complete);
    expect([gone.status, gone.text]).toEqual([404, expect.stringContaining('No device waits')]);
    system.hosted.codesEnd();
    const codes = await ask();
    await browser.submit(await browser.open(codes.verification_uri_complete), { answer: 'allow' });
    expect((await poll(codes.device_code)).body['error']).toBe('expired_token');
  });

  it('is told to come again while the issuer is down, and nothing of what the issuer said', async () => {
    const codes = await ask();
    const browser = formBrowser();
    await browser.submit(await browser.open(codes.verification_uri_complete), { answer: 'allow' });
    system.hosted.breaks(502);
    const { status, body } = await poll(codes.device_code);
    expect([status, body['error']]).toEqual([503, 'temporarily_unavailable']);
    expect(JSON.stringify(body)).not.toContain('Sorry');
  });
});

describe('the page', () => {
  it('asks for the code, in any form of it, and says what is wrong with another', async () => {
    const browser = formBrowser();
    expect((await browser.open(`${system.url}/device`)).text).toContain('name="user_code"');
    const { user_code: code } = await ask();
    for (const typed of [code.toLowerCase(), code.replace('-', ''), ` ${code} `]) {
      const page = await browser.open(`${system.url}/device?user_code=${encodeURIComponent(typed)}`);
      expect(page.text).toContain('Sign in and allow');
    }
    const wrong = await browser.open(`${system.url}/device?user_code=%3Cscript%3Ealert(1)`);
    expect([wrong.status, wrong.text.includes('<script>alert')]).toEqual([404, false]);
  });

  it('lets its form lead to the issuer and nowhere else, in no frame', async () => {
    const { verification_uri_complete: address } = await ask();
    const { headers } = await formBrowser().open(address);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`form-action 'self' ${system.hosted.url};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Lax$/);
  });

  it('goes on for nobody who was sent a form or a link by somebody else', async () => {
    const codes = await ask();
    const victim = formBrowser();
    const forged = new URLSearchParams({ user_code: codes.user_code, mark: 'x', answer: 'allow' });
    const sent = (cookie: string, body: URLSearchParams) =>
      fetch(`${system.url}/device`, { method: 'POST', redirect: 'manual', body, headers: { cookie } });
    // From another site: without the cookie. From a site that guesses: with it, without the mark.
    await victim.open(codes.verification_uri_complete);
    for (const cookie of ['', victim.cookies(system.url)]) {
      const answer = await sent(cookie, forged);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, codes.verification_uri_complete]);
    }
    // The mark of another code, and of another browser.
    const other = await ask();
    const attacker = formBrowser();
    const markOf = ({ text }: { text: string }) => /name="mark" value="([^"]+)"/.exec(text)?.[1] ?? '';
    for (const mark of [
      markOf(await victim.open(other.verification_uri_complete)),
      markOf(await attacker.open(codes.verification_uri_complete)),
    ]) {
      const body = new URLSearchParams({ user_code: codes.user_code, mark, answer: 'allow' });
      const answer = await sent(victim.cookies(system.url), body);
      expect(answer.headers.get('location')).toBe(codes.verification_uri_complete);
    }
    expect((await poll(codes.device_code)).body['error']).toBe('authorization_pending');
  });

  it('ends a sign-in in no other browser than it began in, and once', async () => {
    const codes = await ask();
    const attacker = formBrowser();
    // The attacker sets out, stops at the issuer, and sends the victim the link.
    const page = await attacker.open(codes.verification_uri_complete);
    const mark = /name="mark" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const body = new URLSearchParams({ user_code: codes.user_code, mark, answer: 'allow' });
    const answer = await fetch(`${system.url}/device`, {
      method: 'POST',
      redirect: 'manual',
      body,
      headers: { cookie: attacker.cookies(system.url) },
    });
    const atIssuer = answer.headers.get('location') ?? '';
    expect(new URL(atIssuer).searchParams.get('code_challenge_method')).toBe('S256');
    const victim = formBrowser();
    for (const visit of [1, 2]) {
      const seen = await victim.open(atIssuer);
      expect([visit, seen.status, seen.text]).toEqual([visit, 409, expect.stringContaining('Not signed in')]);
      await victim.open(codes.verification_uri_complete);
    }
    expect((await poll(codes.device_code)).body['error']).toBe('authorization_pending');
    const back = await attacker.open(atIssuer);
    expect(back.status).toBe(200);
    expect((await attacker.open(back.url)).status).toBe(409);
  });

  it('stays on the host that the issuer sends people back to', async () => {
    const { user_code: code } = await ask();
    const elsewhere = `${system.url.replace('127.0.0.1', 'localhost')}/device?user_code=${code}`;
    const answer = await fetch(elsewhere, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `${system.url}/device?user_code=${code}`,
    ]);
  });
});

describe('a program with a browser beside it', () => {
  it('changes its code into tokens at the same endpoint, by its own verifier', async () => {
    const code_verifier = newSecret();
    const redirect_uri = 'http://localhost:1410/callback';
    const { client: client_id, url } = system.hosted;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: 'openid',
      state: 's',
      code_challenge: challengeOf(code_verifier),
      code_challenge_method: 'S256',
    });
    const back = await fetch(`${url}/oauth2/authorize?${query}`, { redirect: 'manual' });
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const grant = { grant_type: 'authorization_code', client_id, code, redirect_uri };
    expect(await said(post('/oidc/token', { ...grant, code_verifier }))).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String), refresh_token: expect.any(String) },
    });
    expect((await said(post('/oidc/token', { ...grant, code_verifier }))).body['error']).toBe(
      'invalid_grant',
    );
  });
});

describe('what clients of OAuth send', () => {
  it.each<[string, Fields, number, string]>([
    ['nothing', {}, 400, 'invalid_request'],
    ['no client', { grant_type: DEVICE_GRANT, device_code: 'x' }, 400, 'invalid_request'],
    ['another client', { grant_type: DEVICE_GRANT, device_code: 'x', client_id: 'y' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'password', client_id: '' }, 400, 'unsupported_grant_type'],
    ['no code', { grant_type: DEVICE_GRANT, client_id: '' }, 400, 'invalid_request'],
    ['an unknown code', { grant_type: DEVICE_GRANT, client_id: '', device_code: 'x' }, 400, 'invalid_grant'],
    [
      'an unknown token',
      { grant_type: 'refresh_token', client_id: '', refresh_token: 'x' },
      400,
      'invalid_grant',
    ],
    [
      'a code without verifier',
      { grant_type: 'authorization_code', client_id: '', code: 'x', redirect_uri: 'y' },
      400,
      'invalid_request',
    ],
  ])('%s: is refused as RFC 6749 says', async (_what, fields, status, error) => {
    const own =
      'client_id' in fields && fields['client_id'] === '' ? { client_id: system.hosted.client } : {};
    expect(await said(post('/oidc/token', { ...fields, ...own }))).toMatchObject({ status, body: { error } });
  });

  it('JSON, a field twice, a form too large: is refused as RFC 6749 says, too', async () => {
    const send = (body: string, type = 'application/x-www-form-urlencoded') =>
      said(fetch(`${system.url}/oidc/token`, { method: 'POST', body, headers: { 'content-type': type } }));
    const wrong = { status: 400, body: { error: 'invalid_request' } };
    expect(await send('{}', 'application/json')).toMatchObject(wrong);
    expect(await send('client_id=a&client_id=b')).toMatchObject(wrong);
    expect(await send(`a=${'x'.repeat(9000)}`)).toMatchObject(wrong);
    expect(await send(`a=${'x'.repeat(20_000)}`)).toMatchObject({ status: 413, body: wrong.body });
    const plain = { client_id: system.hosted.client, code_challenge: challengeOf('a') };
    expect(await said(post('/oidc/device_authorization', plain))).toMatchObject(wrong);
  });

  it('anything: is answered in the form of RFC 6749, never with a server error', async () => {
    const field = fc.oneof(
      fc.constantFrom('grant_type', 'client_id', 'device_code', 'code_verifier', 'refresh_token'),
      fc.string(),
    );
    const value = fc.oneof(fc.constantFrom(DEVICE_GRANT, 'refresh_token', system.hosted.client), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, value), { maxLength: 6 }), async (fields) => {
        const body = new URLSearchParams(fields);
        const answer = await said(fetch(`${system.url}/oidc/token`, { method: 'POST', body }));
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.body).toEqual({ error: expect.any(String), error_description: expect.any(String) });
      }),
      { numRuns: 60 },
    );
  });

  it('leaves no secret in the log', async () => {
    const codes = await ask();
    const browser = formBrowser();
    await browser.submit(await browser.open(codes.verification_uri_complete), { answer: 'allow' });
    const { body } = await poll(codes.device_code);
    const log = JSON.stringify(system.logged);
    for (const secret of [codes.device_code, codes.user_code, String(body['access_token'])]) {
      expect(log).not.toContain(secret);
    }
    expect(log).toContain('POST /oidc/token');
  });
});

describe('what clients are told', () => {
  it('is one provider at our address, whose tokens are the issuer’s', async () => {
    const get = async (address: string) => (await fetch(address)).json() as Promise<unknown>;
    const issuer = `${system.url}/oidc`;
    expect(await get(`${system.url}/credentials/oidc`)).toMatchObject({
      providers: [
        {
          id: 'cognito',
          issuer,
          default_clients: [
            {
              id: system.hosted.client,
              grant_types: [`${DEVICE_GRANT}+pkce`, 'authorization_code+pkce', 'refresh_token'],
            },
          ],
        },
      ],
    });
    expect(await get(`${issuer}/.well-known/openid-configuration`)).toMatchObject({
      issuer: system.hosted.url,
      device_authorization_endpoint: `${issuer}/device_authorization`,
      token_endpoint: `${issuer}/token`,
      authorization_endpoint: `${system.hosted.url}/oauth2/authorize`,
      grant_types_supported: expect.arrayContaining([DEVICE_GRANT]),
    });
  });
});

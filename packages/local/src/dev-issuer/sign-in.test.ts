import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formBrowser } from '../../../../test/support/form-browser.ts';
import { type LocalRuntime, startLocal } from '../runtime/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-dev-sign-in-'));
const catalogue = mkdtempSync(join(tmpdir(), 'swath-dev-catalogue-'));
let system: LocalRuntime;
beforeAll(async () => {
  system = await startLocal({ dataFolder: folder, port: 0, auth: 'token', catalogue });
});
afterAll(async () => {
  await system?.stop();
  for (const made of [folder, catalogue]) rmSync(made, { recursive: true, force: true });
});

const post = async (path: string, fields: Readonly<Record<string, string>>) => {
  const answer = await fetch(`${system.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
};

describe('device codes on one machine', () => {
  it('end in the token that the person pasted from the terminal, and in none without', async () => {
    const providers = await fetch(`${system.url}/credentials/oidc`);
    expect(await providers.json()).toMatchObject({
      providers: [{ id: 'dev', issuer: `${system.url}/oidc`, default_clients: [{ id: 'swath' }] }],
    });
    const codes = (await post('/oidc/device_authorization', { client_id: 'swath' })).body;
    const browser = formBrowser();
    const page = await browser.open(String(codes['verification_uri_complete']));
    const atIssuer = await browser.submit(page, { answer: 'allow' });
    expect(atIssuer.text).toContain('Sign in to this machine');
    const wrong = await browser.submit(atIssuer, { token: 'a.b.c' });
    expect([wrong.status, wrong.text]).toEqual([403, expect.stringContaining('no token of this server')]);
    const token = system.tokens?.viewer ?? '';
    expect((await browser.submit(wrong, { token })).text).toContain('You are signed in');
    const poll = () =>
      post('/oidc/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'swath',
        device_code: String(codes['device_code']),
      });
    const { status, body } = await poll();
    expect([status, body['access_token'], body['token_type']]).toEqual([200, token, 'Bearer']);
    expect(Number(body['expires_in'])).toBeGreaterThan(3600);
    expect((await poll()).body['error']).toBe('invalid_grant');
    const me = await fetch(`${system.url}/me`, { headers: { authorization: `Bearer oidc/dev/${token}` } });
    expect(me.status).toBe(200);
  });

  it('are good for nothing but the sign-in they belong to', async () => {
    const refused = await post('/oidc/token', {
      grant_type: 'authorization_code',
      client_id: 'swath',
      code: 'x',
      redirect_uri: `${system.url}/device/callback`,
      code_verifier: 'v'.repeat(43),
    });
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const put = await fetch(`${system.url}/dev-issuer/authorize`, { method: 'PUT' });
    expect(put.status).toBe(405);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { claimsOf } from './callers.ts';
import type { Gateway } from './gateway.ts';
import type { Taken, TestIssuer } from './issuer.ts';
import type { Machine } from './machine.ts';

const fields = (body: Readonly<Record<string, string>>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(body).toString(),
});

/** Device codes from the API's bundle, over the table and the client that the templates make. */
export function deviceSuite(
  world: () => {
    readonly machine: Machine;
    readonly gateway: Gateway;
    readonly issuer: TestIssuer;
    readonly taken: Taken;
  },
): void {
  describe('a device', () => {
    it('gets a token that the authorizer takes, once its person has signed in', async () => {
      const { machine, gateway, issuer, taken } = world();
      const [client_id = ''] = taken.clients;
      const post = async (path: string, body: Readonly<Record<string, string>>) => {
        const answer = await gateway.call({ method: 'POST', path, ...fields(body) });
        return { status: answer.status, said: JSON.parse(answer.body) };
      };
      const begun = await post('/oidc/device_authorization', { client_id });
      expect(begun.status, JSON.stringify(begun.said)).toBe(200);
      const { device_code, user_code, verification_uri_complete: address } = begun.said;
      const poll = (code = String(device_code)) =>
        post('/oidc/token', {
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          client_id,
          device_code: code,
        });
      // Another one, because nobody may ask twice in five seconds.
      const other = await post('/oidc/device_authorization', { client_id });
      expect(await poll(other.said.device_code)).toMatchObject({
        status: 400,
        said: { error: 'authorization_pending' },
      });

      const { pathname, search } = new URL(address);
      const page = await gateway.call({ method: 'GET', path: `${pathname}${search}` });
      expect(page.body).toContain(user_code);
      const [cookie = ''] = page.headers['set-cookie']?.split(';') ?? [];
      expect(page.headers['set-cookie']).toMatch(/^__Host-swath-device=.*; Path=\/; .*; Secure$/);
      const mark = /name="mark" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      const form = fields({ user_code, mark, answer: 'allow' });
      const sent = { ...form, headers: { ...form.headers, cookie } };
      const left = await gateway.call({ method: 'POST', path: '/device', ...sent });
      expect(left.status, left.body).toBe(303);
      const signIn = new URL(left.headers['location'] ?? '');
      expect(signIn.host).toMatch(/\.amazoncognito\.com$/);
      const asked = Object.fromEntries(signIn.searchParams);
      // What Cognito compares it with, as the template has it.
      const client = machine.assembly.resources.find(({ type }) => type === 'AWS::Cognito::UserPoolClient');
      const known = machine.account.resolve(client?.stack ?? '', client?.properties['CallbackURLs']);
      expect(known).toContain(asked['redirect_uri']);

      issuer.tokens = async (question) => {
        const { code_verifier = '', ...rest } = Object.fromEntries(question);
        expect(rest).toEqual({
          grant_type: 'authorization_code',
          client_id,
          code: 'code-of-cognito',
          redirect_uri: asked['redirect_uri'],
        });
        const challenge = createHash('sha256').update(code_verifier).digest('base64url');
        expect(challenge).toBe(asked['code_challenge']);
        const access_token = await issuer.sign(claimsOf(taken, ['viewer', 'project:devices']));
        return { access_token, token_type: 'Bearer', expires_in: 3600 };
      };
      const path = `/device/callback?code=code-of-cognito&state=${asked['state']}`;
      expect((await gateway.call({ method: 'GET', path })).status).toBe(409);
      expect((await gateway.call({ method: 'GET', path, headers: { cookie } })).body).toContain(
        'You are signed in',
      );
      const { status, said } = await poll();
      expect(status, JSON.stringify(said)).toBe(200);
      const authorization = `Bearer oidc/${taken.id}/${said.access_token}`;
      const listed = await gateway.call({ method: 'GET', path: '/requests', headers: { authorization } });
      expect(listed.status).toBe(200);
      expect((await poll()).said.error).toBe('invalid_grant');
    });
  });
}

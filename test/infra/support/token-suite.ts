import { describe, expect, it } from 'vitest';
import { claimsOf } from './callers.ts';
import type { Gateway } from './gateway.ts';
import type { Taken, TestIssuer } from './issuer.ts';

export interface TokenWorld {
  readonly gateway: Gateway;
  readonly issuer: TestIssuer;
  readonly taken: Taken;
  /** The body of an order that is taken. */
  readonly order: object;
}

/** Tokens from an issuer's keys, through API Gateway's event and the authorizer's bundle, to the API's answer. */
export function tokenSuite(world: () => TokenWorld): void {
  const ask = async (
    authorization: string | undefined,
    method = 'GET',
    path = '/requests',
    body?: object,
  ) => {
    const { gateway } = world();
    const answer = await gateway.call({
      method,
      path,
      ...(authorization === undefined ? {} : { headers: { Authorization: authorization } }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, said: JSON.parse(answer.body), headers: answer.headers };
  };
  const signed = (groups: readonly string[], more: object = {}, by?: Parameters<TestIssuer['sign']>[1]) => {
    const { issuer, taken } = world();
    return issuer.sign(claimsOf(taken, groups, more), by);
  };
  const nowS = () => Math.floor(Date.now() / 1000);

  describe('a token', () => {
    it('lets in plainly and in the form of openEO, and its keys are read where the template says', async () => {
      const { issuer, taken, gateway } = world();
      const token = await signed(['viewer', 'project:tokens']);
      for (const header of [`Bearer ${token}`, `Bearer oidc/${taken.id}/${token}`]) {
        expect((await ask(header)).status, header.slice(0, 20)).toBe(200);
      }
      expect(issuer.reads.length).toBeGreaterThan(0);
      for (const path of issuer.reads) expect(path).toBe(new URL(taken.keysUrl).pathname);
      expect(gateway.authorized.at(-1)).toEqual({
        project: 'tokens',
        user: `${taken.id}:person-1`,
        roles: 'viewer',
        expiresS: expect.stringMatching(/^\d{10}$/),
      });
    });

    it.each(['viewer', 'requester', 'operator', 'admin'])('of a %s may what the role may', async (role) => {
      const header = `Bearer ${await signed([role, `project:${role}s`])}`;
      expect((await ask(header)).status).toBe(200);
      // Who may order is told what is wrong with the order.
      const asked = await ask(header, 'POST', '/requests', { ...world().order, nonsense: true });
      expect(asked.status).toBe(role === 'viewer' ? 403 : 400);
    });

    it.each([
      ['expired', { exp: 1_700_000_000 }, 401, 'The token has expired.'],
      ['for another client', { client_id: 'shop' }, 401, 'The token was made for another application.'],
      ['of another issuer', { iss: 'https://issuer.example' }, 401, 'from an issuer that this deployment'],
      ['not yet valid', { nbf: 4_000_000_000 }, 401, 'The token is not valid yet.'],
      ['that is an ID token', { token_use: 'id' }, 401, 'The token is of the wrong kind.'],
      ['without a group of ours', { 'cognito:groups': ['cooks'] }, 403, 'have no role here'],
      ['of two projects', { 'cognito:groups': ['viewer', 'project:a', 'project:b'] }, 403, 'one project'],
    ])('%s is refused, with the reason', async (_, more, status, detail) => {
      const refused = await ask(`Bearer ${await signed(['viewer'], more)}`);
      expect(refused.status).toBe(status);
      expect(refused.said.detail).toContain(detail);
      expect(refused.said.fix).toMatch(/\.$/);
      expect(refused.headers['www-authenticate']).toMatch(/^Bearer error="/);
    });

    it.each([
      ['that nobody signed', 'nobody'],
      ['signed with a key of others', 'another key'],
      ['signed with what everybody can read', 'public key as a secret'],
    ] as const)('%s is refused', async (_, by) => {
      const refused = await ask(`Bearer ${await signed(['admin'], {}, by)}`);
      expect(refused.status).toBe(401);
      expect(refused.said.code).toBe('Unauthenticated');
    });

    it('of one provider does not do as that of another, and changed by a letter not at all', async () => {
      const token = await signed(['admin']);
      expect((await ask(`Bearer oidc/elsewhere/${token}`)).status).toBe(401);
      const [head, , signature] = token.split('.');
      const claims = { ...claimsOf(world().taken, ['admin']), exp: nowS() + 9999 };
      const changed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
      expect((await ask(`Bearer ${changed}`)).status).toBe(401);
      expect((await ask('Basic YTpi')).status).toBe(401);
    });

    it('is needed, but for what is public', async () => {
      expect(await ask(undefined)).toMatchObject({ status: 401, said: { message: 'Unauthorized' } });
      expect((await ask(undefined, 'GET', '/conformance')).status).toBe(200);
    });
  });
}

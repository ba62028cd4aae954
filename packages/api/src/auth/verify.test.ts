import { createHmac } from 'node:crypto';
import {
  base64url,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { fakeIssuer, NOW_S } from './fake-issuer.fixture.ts';
import { type IssuerInput, issuers } from './issuer.ts';
import { TOKEN_LIMIT_CHARS } from './limits.ts';
import { type Fake, setUp } from './verifier.fixture.ts';

let issuer: Fake;
let other: Fake;

beforeAll(async () => {
  issuer = await fakeIssuer();
  other = await fakeIssuer('https://elsewhere.example');
});

const part = (value: unknown) => base64url.encode(JSON.stringify(value));

describe('a token of a configured issuer', () => {
  it('says project, person, roles and end, in both forms that clients send', async () => {
    const { verify } = setUp([issuer]);
    const token = await issuer.sign(issuer.claims({ groups: ['requester', 'project:oak', 'chess'] }));
    const identity = { project: 'oak', user: 'p0:person-1', roles: ['requester'], expiresS: NOW_S + 3600 };
    for (const header of [`Bearer ${token}`, `bearer  ${token} `, `Bearer oidc/p0/${token}`]) {
      expect(await verify(header)).toEqual({ identity });
    }
  });

  it.each(['ES256', 'PS256', 'EdDSA', 'RS512'])('may be signed with %s', async (alg) => {
    const fake = await fakeIssuer('https://issuer.example', alg);
    const { verify } = setUp([fake]);
    expect(await verify(`Bearer ${await fake.sign(fake.claims())}`)).toMatchObject({ identity: {} });
  });

  it('of Cognito is known by its client and its use, for it has no audience', async () => {
    const { verify } = setUp([issuer], {
      audiences: [],
      clients: ['client-1'],
      tokenUse: ['access'],
      groupsClaim: 'cognito:groups',
    });
    const claims = issuer.claims({ client_id: 'client-1', token_use: 'access', 'cognito:groups': ['admin'] });
    const { aud: _aud, ...access } = claims;
    const bearer = async (more: JWTPayload) => verify(`Bearer ${await issuer.sign({ ...access, ...more })}`);
    expect(await bearer({})).toMatchObject({ identity: { roles: ['admin'] } });
    expect(await bearer({ token_use: 'id' })).toEqual({ refusal: 'token-use' });
    expect(await bearer({ token_use: undefined })).toEqual({ refusal: 'token-use' });
    expect(await bearer({ client_id: 'client-2' })).toEqual({ refusal: 'audience' });
    expect(await bearer({ client_id: ['client-1'] })).toEqual({ refusal: 'audience' });
  });

  it('may hold its groups deep inside, under names of its own', async () => {
    const { verify } = setUp([issuer], {
      groupsClaim: ['realm_access', 'roles'],
      roles: { 'urn:swath:write': 'requester', 'urn:swath:read': 'viewer' },
    });
    const token = await issuer.sign(
      issuer.claims({ realm_access: { roles: ['urn:swath:read', 'admin', '__proto__', 'constructor'] } }),
    );
    expect(await verify(`Bearer ${token}`)).toMatchObject({ identity: { roles: ['viewer'] } });
  });
});

describe('the project of a token', () => {
  const projectFor = async (claims: JWTPayload, config: Partial<IssuerInput> = {}) => {
    const { verify } = setUp([issuer], config);
    const verdict = await verify(`Bearer ${await issuer.sign(issuer.claims(claims))}`);
    return 'identity' in verdict ? verdict.identity.project : verdict.refusal;
  };

  it('is the person, where no group names one', async () => {
    expect(await projectFor({})).toBe('user:p0:person-1');
    expect(await projectFor({ sub: 'auth0|7#/x' })).toMatch(/^user:p0:~[0-9a-f]{32}$/);
    expect(await projectFor({ sub: 'x'.repeat(300) })).toMatch(/^user:p0:~[0-9a-f]{32}$/);
  });

  it('can be a claim', async () => {
    const config = { projectClaim: 'tenant' };
    expect(await projectFor({ tenant: 'oak' }, config)).toBe('oak');
    for (const tenant of ['user:p0:person-2', '', 'a#b', '../a', 7, ['oak'], null, undefined]) {
      expect(await projectFor({ tenant }, config)).toBe('no-project');
    }
  });

  it.each([
    [['project:a', 'project:b']],
    [['project:']],
    [['project:user:p0:person-2']],
    [['project:a#b']],
    [[`project:${'a'.repeat(65)}`]],
  ])('is refused when groups name none or several: %j', async (groups) => {
    expect(await projectFor({ groups: ['viewer', ...groups] })).toBe('no-project');
  });
});

describe('a token that is not taken', () => {
  const cases: readonly (readonly [string, () => Promise<string> | string, string])[] = [
    ['no scheme', () => 'nothing', 'scheme'],
    ['an empty header', () => '', 'scheme'],
    ['a password', () => 'Basic dTpw', 'scheme'],
    ['openEO basic', () => 'Bearer basic//abc', 'scheme'],
    ['two tokens joined as two headers are', async () => `Bearer ${await good()}, Bearer x`, 'scheme'],
    ['no token', () => 'Bearer oidc/p0/', 'malformed'],
    ['no provider', async () => `Bearer oidc//${await good()}`, 'scheme'],
    ['too many parts', async () => `Bearer oidc/p0/x/${await good()}`, 'scheme'],
    ['another provider', async () => `Bearer oidc/p1/${await good()}`, 'wrong-provider'],
    ['an opaque token', () => 'Bearer 6f1ed002ab5595859014ebf0951522d9', 'malformed'],
    ['an encrypted token', () => 'Bearer a.b.c.d.e', 'malformed'],
    ['parts that are no JSON', () => 'Bearer AAAA.AAAA.AAAA', 'malformed'],
    ['a payload that is a list', () => `Bearer ${part({ alg: 'RS256' })}.${part([1])}.AAAA`, 'malformed'],
    ['a header without algorithm', () => `Bearer ${part({})}.${part({})}.AAAA`, 'algorithm'],
    ['a long token', () => `Bearer ${'a'.repeat(TOKEN_LIMIT_CHARS)}`, 'malformed'],
    ['alg none', () => `Bearer ${new UnsecuredJWT(issuer.claims()).encode()}x`, 'algorithm'],
    ['alg None', () => `Bearer ${part({ alg: 'None' })}.${part(issuer.claims())}.AAAA`, 'algorithm'],
    ['HS256 under the public key as PEM', () => hmac('pem'), 'algorithm'],
    ['HS256 under the public key as JWK', () => hmac('jwk'), 'algorithm'],
    ['another issuer', async () => `Bearer ${await other.sign(other.claims())}`, 'unknown-issuer'],
    ['a near miss of the issuer', () => signed({ iss: `${issuer.address}/` }), 'unknown-issuer'],
    ['no issuer', () => without('iss'), 'claims'],
    ['an issuer that is a list', () => signedRaw({ iss: [issuer.address] }), 'claims'],
    ["another's signature in its name", forged, 'signature'],
    ['a key of its own in the header', embedded, 'signature'],
    [
      'a key address in the header',
      () => signed({}, { jku: 'https://evil.example/keys', kid: 'evil' }),
      'signature',
    ],
    ['a changed payload', tampered, 'signature'],
    [
      'a signature of nothing',
      async () => `${(await signed({})).split('.').slice(0, 2).join('.')}.AA`,
      'signature',
    ],
    ['a header nobody understands', critical, 'signature'],
    [
      'an algorithm that is not the key’s',
      () => `Bearer ${part({ alg: 'ES256', kid: 'key-1' })}.${part(issuer.claims())}.AAAA`,
      'signature',
    ],
    ['yesterday’s token', () => signed({ exp: NOW_S - 31 }), 'expired'],
    ['tomorrow’s token', () => signed({ nbf: NOW_S + 31 }), 'not-yet-valid'],
    ['no end', () => without('exp'), 'claims'],
    ['an end that is text', () => signedRaw({ exp: '9999999999' }), 'claims'],
    ['no subject', () => without('sub'), 'claims'],
    ['an empty subject', () => signed({ sub: '' }), 'claims'],
    ['another audience', () => signed({ aud: 'shop' }), 'audience'],
    ['no audience', () => without('aud'), 'audience'],
    ['an audience beginning like ours', () => signed({ aud: ['swath2', 'swat'] }), 'audience'],
    ['no groups', () => signed({ groups: undefined }), 'no-role'],
    ['groups that are no list', () => signed({ groups: { viewer: true } }), 'no-role'],
    [
      'groups of other things',
      () => signed({ groups: [['admin'], { admin: 1 }, 7, 'Admin', ' admin'] }),
      'no-role',
    ],
    [
      'groups named as objects are built',
      () => signed({ groups: ['__proto__', 'constructor', 'toString'] }),
      'no-role',
    ],
  ];

  const good = () => issuer.sign(issuer.claims());
  const signed = async (claims: JWTPayload, header: Record<string, unknown> = {}) =>
    `Bearer ${await issuer.sign(issuer.claims(claims), header)}`;

  const without = async (claim: string) => {
    const { [claim]: _absent, ...rest } = issuer.claims();
    return `Bearer ${await issuer.sign(rest)}`;
  };

  /** A valid signature over claims jose would not sign. */
  const signedRaw = async (claims: Record<string, unknown>) => {
    const text = `${part({ alg: 'RS256', kid: issuer.key.kid })}.${part({ ...issuer.claims(), ...claims })}`;
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', issuer.key.privateKey, Buffer.from(text));
    return `Bearer ${text}.${base64url.encode(new Uint8Array(signature))}`;
  };

  const hmac = async (form: 'pem' | 'jwk') => {
    const key = await importJWK(issuer.key.jwk, 'RS256', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('an RSA key was expected');
    const secret = form === 'pem' ? await exportSPKI(key) : JSON.stringify(issuer.key.jwk);
    const text = `${part({ alg: 'HS256', kid: 'key-1' })}.${part(issuer.claims())}`;
    return `Bearer ${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  async function forged() {
    return `Bearer ${await other.sign(issuer.claims(), { kid: issuer.key.kid })}`;
  }
  async function embedded() {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const token = await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) })
      .sign(privateKey);
    return `Bearer ${token}`;
  }
  async function tampered() {
    const [head, , signature] = (await signed({})).split('.');
    return `${head}.${part(issuer.claims({ groups: ['admin'] }))}.${signature}`;
  }
  async function critical() {
    const token = await new SignJWT(issuer.claims())
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', crit: ['bound'], bound: true })
      .sign(issuer.key.privateKey, { crit: { bound: true } });
    return `Bearer ${token}`;
  }

  it.each(cases)('%s', async (_name, make, refusal) => {
    const { verify } = setUp([issuer]);
    const header = await make();
    expect(await verify(header)).toEqual({ refusal });
  });

  it('names one of two issuers and is signed by the other', async () => {
    const { verify } = setUp([issuer, other]);
    const crossed = await other.sign(issuer.claims());
    expect(await verify(`Bearer ${crossed}`)).toEqual({ refusal: 'signature' });
    expect(await verify(`Bearer oidc/p1/${await other.sign(other.claims())}`)).toMatchObject({
      identity: {},
    });
  });

  it('is read nowhere: only configured issuers are asked for keys', async () => {
    const { verify } = setUp([issuer]);
    const before = other.reads.length;
    await verify(`Bearer ${await other.sign(other.claims())}`);
    expect(other.reads.length).toBe(before);
  });
});

describe('the configuration of issuers', () => {
  const fine = { id: 'p', issuer: 'https://a.example', audiences: ['x'] };
  it.each([
    ['plain http', [{ ...fine, issuer: 'http://a.example' }]],
    ['keys by plain http', [{ ...fine, keysUrl: 'http://a.example/keys' }]],
    ['no audience and no client', [{ ...fine, audiences: [] }]],
    ['an id with a slash', [{ ...fine, id: 'a/b' }]],
    ['an id twice', [fine, { ...fine, issuer: 'https://b.example' }]],
    ['an issuer twice', [fine, { ...fine, id: 'q' }]],
    ['a role that is none', [{ ...fine, roles: { x: 'root' } }]],
    ['a word it does not know', [{ ...fine, algorithms: ['HS256'] }]],
    ['nobody', []],
  ])('is refused with %s', (_name, value) => {
    expect(issuers.safeParse(value).success).toBe(false);
  });
});

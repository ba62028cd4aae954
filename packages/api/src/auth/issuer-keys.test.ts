import { base64url, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { fakeIssuer, NOW_S } from './fake-issuer.fixture.ts';
import { KEYS_LIFE_MS, KEYS_PAUSE_MS, KEYS_STALE_MS } from './limits.ts';
import { setUp } from './verifier.fixture.ts';

const part = (value: unknown) => base64url.encode(JSON.stringify(value));

describe('the keys of an issuer', () => {
  it('are read once, and again after an hour', async () => {
    const fake = await fakeIssuer();
    const { verify, clock } = setUp([fake]);
    const header = `Bearer ${await fake.sign(fake.claims({ exp: NOW_S + 10 * 86_400 }))}`;
    await Promise.all([verify(header), verify(header), verify(header)]);
    expect(fake.reads).toEqual([
      'https://issuer.example/pool/.well-known/openid-configuration',
      'https://issuer.example/pool/keys',
    ]);
    clock.ms += KEYS_LIFE_MS - 1;
    await verify(header);
    expect(fake.reads).toHaveLength(2);
    clock.ms += 1;
    await verify(header);
    expect(fake.reads).toHaveLength(4);
  });

  it('are read anew for a key that is not known, but not for each of a thousand such tokens', async () => {
    const fake = await fakeIssuer();
    const { verify, clock } = setUp([fake]);
    await verify(`Bearer ${await fake.sign(fake.claims())}`);
    await fake.rotate();
    const header = `Bearer ${await fake.sign(fake.claims())}`;
    expect(await verify(header)).toEqual({ refusal: 'signature' });
    clock.ms += KEYS_PAUSE_MS;
    expect(await verify(header)).toMatchObject({ identity: {} });
    const reads = fake.reads.length;
    for (let i = 0; i < 1000; i++) {
      const made = `Bearer ${part({ alg: 'RS256', kid: `k${i}` })}.${part(fake.claims())}.AAAA`;
      expect(await verify(made)).toEqual({ refusal: 'signature' });
    }
    expect(fake.reads.length).toBe(reads);
  });

  it('serve on for a day while the issuer is down, and then nobody is let in', async () => {
    const fake = await fakeIssuer();
    const { verify, clock } = setUp([fake]);
    const header = `Bearer ${await fake.sign(fake.claims({ exp: NOW_S + 10 * 86_400 }))}`;
    await verify(header);
    fake.documents.clear();
    clock.ms += KEYS_STALE_MS - 1;
    expect(await verify(header)).toMatchObject({ identity: {} });
    clock.ms += 1;
    await expect(verify(header)).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('that cannot be read are an outage and no refusal, and the issuer is left in peace meanwhile', async () => {
    const fake = await fakeIssuer();
    const header = `Bearer ${await fake.sign(fake.claims())}`;
    fake.documents.clear();
    const { verify, clock } = setUp([fake]);
    for (let i = 0; i < 10; i++) await expect(verify(header)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(fake.reads).toHaveLength(1);
    clock.ms += KEYS_PAUSE_MS;
    await expect(verify(header)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(fake.reads).toHaveLength(2);
  });

  it.each([
    [{ issuer: 'https://evil.example', jwks_uri: 'https://issuer.example/pool/keys' }],
    [{ issuer: 'https://issuer.example/pool', jwks_uri: 'http://issuer.example/pool/keys' }],
    [{ issuer: 'https://issuer.example/pool' }],
    ['text'],
    [null],
  ])('are not read from a configuration that is not its own: %j', async (configuration) => {
    const fake = await fakeIssuer();
    fake.documents.set(`${fake.address}/.well-known/openid-configuration`, configuration);
    const { verify } = setUp([fake]);
    await expect(verify(`Bearer ${await fake.sign(fake.claims())}`)).rejects.toMatchObject({
      code: 'Unavailable',
    });
    expect(fake.reads).toHaveLength(1);
  });

  it('are public keys: a secret in the set opens nothing', async () => {
    const fake = await fakeIssuer();
    const secret = Buffer.alloc(32, 7);
    fake.documents.set(`${fake.address}/keys`, {
      keys: [{ kty: 'oct', kid: 'key-1', alg: 'HS256', k: secret.toString('base64url') }, fake.key.jwk],
    });
    const { verify } = setUp([fake]);
    const token = await new SignJWT(fake.claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(secret);
    expect(await verify(`Bearer ${token}`)).toEqual({ refusal: 'algorithm' });
    expect(await verify(`Bearer ${await fake.sign(fake.claims())}`)).toMatchObject({ identity: {} });
  });
});

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roles } from '@swath/api';
import { fixedClock } from '@swath/ports/memory/index';
import { decodeJwt } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { openGate } from './gate.ts';
import { devIssuer } from './issuer.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-issuer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const url = 'http://127.0.0.1:7431';
const nowMs = Date.UTC(2026, 0, 1);

const call = (token?: string) =>
  new Request(
    `${url}/requests`,
    token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } },
  );

async function setUp(where = folder) {
  const clock = fixedClock(nowMs);
  return { clock, gate: await openGate({ auth: 'token', folder: where, url, clock }) };
}

describe('a server of this machine with tokens', () => {
  it('knows its own tokens by role and project', async () => {
    const { gate } = await setUp();
    for (const role of roles) {
      expect(await gate.identify(call(gate.tokens?.[role]))).toEqual({
        project: 'local',
        user: `dev:dev-${role}`,
        roles: [role],
      });
    }
    // A separate process makes tokens from the same folder.
    const other = devIssuer({ folder, url, clock: fixedClock(nowMs) });
    const token = await other.sign({ role: 'viewer', project: 'oak', lifeH: 1 });
    expect(await gate.identify(call(token))).toEqual({
      project: 'oak',
      user: 'dev:dev-viewer',
      roles: ['viewer'],
    });
  });

  it('takes nobody without a token, and no token of another machine, another address, or past its end', async () => {
    const { gate, clock } = await setUp();
    expect(await gate.identify(call())).toBeUndefined();
    const elsewhere = devIssuer({ folder: join(folder, 'other'), url, clock });
    const wish = { role: 'admin', project: 'local', lifeH: 1 } as const;
    await expect(gate.identify(call(await elsewhere.sign(wish)))).rejects.toMatchObject({ status: 401 });
    const moved = devIssuer({ folder, url: 'http://127.0.0.1:1', clock });
    await expect(gate.identify(call(await moved.sign(wish)))).rejects.toMatchObject({ status: 401 });
    const token = await devIssuer({ folder, url, clock }).sign(wish);
    clock.advance(3600_000 + 31_000);
    await expect(gate.identify(call(token))).rejects.toThrow('expired');
    await expect(gate.identify(call('x'))).rejects.toMatchObject({ status: 401 });
  });

  it('publishes its public key, keeps the private one for its owner, and names itself', async () => {
    const { gate } = await setUp();
    const configuration = gate.documents.get('/.well-known/openid-configuration');
    expect(configuration).toMatchObject({ issuer: url, jwks_uri: `${url}/.well-known/jwks.json` });
    const text = JSON.stringify(gate.documents.get('/.well-known/jwks.json'));
    expect(JSON.parse(text)).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-256', use: 'sig' }] });
    expect(text).not.toContain('"d"');
    expect(statSync(join(folder, 'dev-issuer.json')).mode & 0o077).toBe(0);
    expect(decodeJwt(gate.tokens?.viewer ?? '')).toMatchObject({ iss: url, aud: 'swath' });
  });

  it('refuses what cannot be a token, and a damaged key', async () => {
    const issuer = devIssuer({ folder, url, clock: fixedClock(nowMs) });
    const wish = { role: 'viewer', project: 'oak', lifeH: 1 } as const;
    for (const wrong of [
      { project: 'a#b' },
      { project: '' },
      { lifeH: 0 },
      { lifeH: 1e9 },
      { lifeH: Number.NaN },
    ]) {
      await expect(issuer.sign({ ...wish, ...wrong })).rejects.toMatchObject({ code: 'InvalidInput' });
    }
    const damaged = mkdtempSync(join(tmpdir(), 'swath-issuer-'));
    writeFileSync(join(damaged, 'dev-issuer.json'), '{}');
    expect(() => devIssuer({ folder: damaged, url, clock: fixedClock(nowMs) })).toThrow('damaged');
    rmSync(damaged, { recursive: true });
  });
});

describe('a server of this machine without tokens', () => {
  it('takes every caller for the user of the machine', async () => {
    const gate = await openGate({ auth: 'machine', folder, url, clock: fixedClock(nowMs) });
    expect(await gate.identify(call())).toEqual({ project: 'local', roles: ['admin'] });
    expect([gate.tokens, gate.documents.size]).toEqual([undefined, 0]);
  });
});

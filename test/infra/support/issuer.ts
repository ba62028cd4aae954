import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type Certificate, makeCertificate } from './certificate.ts';
import { REACH_VARIABLE } from './reach.ts';

/** What the authorizer's template says it takes tokens of, reduced to what a token has to say. */
export interface Taken {
  readonly id: string;
  readonly issuer: string;
  readonly clients: readonly string[];
  readonly keysUrl: string;
}

export interface TestIssuer {
  readonly certificate: Certificate;
  /** For processes that have to find the issuer: its name leads to this machine, its certificate is trusted. */
  readonly variables: Readonly<Record<string, string>>;
  /** Paths that keys were read at. */
  readonly reads: readonly string[];
  /** What the token endpoint answers a form with, on every host that is none of the keys'. @default 404 */
  tokens: ((form: URLSearchParams) => Promise<object>) | undefined;
  /** A JWT, RS256 by the issuer's key unless `by` says otherwise. */
  sign(
    claims: JWTPayload,
    by?: 'own key' | 'another key' | 'nobody' | 'public key as a secret',
  ): Promise<string>;
  close(): Promise<void>;
}

/**
 * The issuer `host` with keys of its own, over TLS on this machine.
 * @param signInHosts where its token endpoint is, such as `*.auth.example.com`.
 */
export async function startIssuer(host: string, signInHosts: string, scratch: string): Promise<TestIssuer> {
  const certificate = makeCertificate(scratch, [`DNS:${host}`, `DNS:${signInHosts}`, 'IP:127.0.0.1']);
  const pair = () => generateKeyPair('RS256', { extractable: true });
  const [own, another] = await Promise.all([pair(), pair()]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  const reads: string[] = [];
  const server = createServer(certificate, (request, response) => {
    if (request.method === 'POST') {
      void answerForm(request, response).catch((error: unknown) =>
        response.writeHead(500).end(String(error)),
      );
      return;
    }
    reads.push(request.url ?? '');
    const found = request.url?.endsWith('/.well-known/jwks.json') === true;
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ? { keys: [jwk] } : {}));
  });
  async function answerForm(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(Buffer.from(piece));
    const form = new URLSearchParams(Buffer.concat(pieces).toString());
    const answer = request.url === '/oauth2/token' ? await issuer.tokens?.(form) : undefined;
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issuer: TestIssuer = {
    certificate,
    variables: {
      [REACH_VARIABLE]: `${host},${signInHosts}=${port}`,
      NODE_EXTRA_CA_CERTS: certificate.certFile,
    },
    reads,
    tokens: undefined,
    async sign(claims, by = 'own key') {
      if (by === 'nobody') return `${base64({ alg: 'none', kid: 'key-1' })}.${base64(claims)}.`;
      if (by === 'public key as a secret') {
        const secret = new TextEncoder().encode(JSON.stringify(jwk));
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'key-1' }).sign(secret);
      }
      const { privateKey } = by === 'own key' ? own : another;
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(privateKey);
    },
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return issuer;
}

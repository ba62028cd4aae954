import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Issuer } from '@swath/api/auth/index';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What a sign-in at the hosted pages ends with. */
export type Person = 'signs in' | 'refuses';

export interface HostedSignIn {
  /** `http://127.0.0.1:<port>`: pages, endpoints and issuer. */
  readonly url: string;
  readonly client: string;
  /** As the verifier of tokens takes it. */
  readonly issuer: Issuer;
  /** Its key set, which the verifier reads at `issuer.keysUrl`. */
  readonly keys: object;
  /** Forms that the token endpoint was sent, in order. */
  readonly asked: readonly URLSearchParams[];
  /** Who comes to the pages from now on. */
  person: Person;
  /** Sign-ins of now on end in codes that are too old when they come. */
  codesEnd(): void;
  /** From now on the token endpoint answers so, with a page. */
  breaks(status: number): void;
  close(): Promise<void>;
}

/**
 * Plays a Cognito user pool: the hosted sign-in of one person, who is known already, and the token endpoint, with the checks
 * that Cognito's documentation names: exact redirect addresses, known scopes, PKCE by S256, codes that are good once.
 *
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
export async function startHostedSignIn(
  callbackUrls: readonly string[],
  groups: readonly string[] = ['requester', 'project:oak'],
): Promise<HostedSignIn> {
  const client = '7h3cl13nt0fth3p00l';
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] };
  const codes = new Map<string, { readonly challenge: string; readonly redirect: string }>();
  const refreshTokens = new Set<string>();
  const asked: URLSearchParams[] = [];
  let broken: number | undefined;
  let codesAreOld = false;
  const server = createServer((request, response) => {
    void (async () => {
      const target = new URL(request.url ?? '/', url());
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(Buffer.from(piece));
      const send = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.method === 'GET' && target.pathname === '/oauth2/authorize') {
        const next = authorize(target.searchParams);
        if (next === undefined)
          response.writeHead(400).end('An error was encountered with the requested page.');
        else response.writeHead(302, { location: next }).end();
      } else if (request.method === 'POST' && target.pathname === '/oauth2/token') {
        const form = new URLSearchParams(Buffer.concat(pieces).toString());
        asked.push(form);
        if (broken !== undefined)
          response.writeHead(broken, { 'content-type': 'text/html' }).end('<p>Sorry</p>');
        else send(...(await tokens(form)));
      } else send(404, {});
    })().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function authorize(query: URLSearchParams): string | undefined {
    const redirect = query.get('redirect_uri') ?? '';
    const known = callbackUrls.includes(redirect) && query.get('client_id') === client;
    if (!known || query.get('response_type') !== 'code') return undefined;
    const back = new URL(redirect);
    back.searchParams.set('state', query.get('state') ?? '');
    const scopes = (query.get('scope') ?? '').split(' ');
    if (!scopes.every((scope) => ['openid', 'email', 'profile'].includes(scope))) {
      back.searchParams.set('error', 'invalid_scope');
    } else if (hosted.person === 'refuses') {
      back.searchParams.set('error', 'access_denied');
    } else {
      const code = randomBytes(18).toString('base64url');
      if (!codesAreOld && query.get('code_challenge_method') === 'S256')
        codes.set(code, { challenge: query.get('code_challenge') ?? '', redirect });
      back.searchParams.set('code', code);
    }
    return back.href;
  }

  async function tokens(form: URLSearchParams): Promise<[number, object]> {
    if (form.get('client_id') !== client) return [400, { error: 'invalid_client' }];
    if (form.get('grant_type') === 'refresh_token') {
      const known = refreshTokens.has(form.get('refresh_token') ?? '');
      return known ? [200, await made()] : [400, { error: 'invalid_grant' }];
    }
    const code = form.get('code') ?? '';
    const found = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (found?.challenge !== challenge || found.redirect !== form.get('redirect_uri')) {
      return [400, { error: 'invalid_grant' }];
    }
    const refresh_token = randomBytes(32).toString('base64url');
    refreshTokens.add(refresh_token);
    return [200, { ...(await made()), refresh_token }];
  }

  async function made() {
    const token = (use: string) =>
      new SignJWT({ client_id: client, token_use: use, 'cognito:groups': [...groups] })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setIssuer(url())
        .setSubject('person-1')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey);
    const [access_token, id_token] = await Promise.all([token('access'), token('id')]);
    return { access_token, id_token, token_type: 'Bearer', expires_in: 3600 };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hosted: HostedSignIn = {
    url: url(),
    client,
    issuer: {
      id: 'cognito',
      issuer: url(),
      audiences: [],
      clients: [client],
      tokenUse: ['access'],
      groupsClaim: ['cognito:groups'],
      roles: { requester: 'requester' },
      keysUrl: `${url()}/keys`,
    },
    keys,
    asked,
    person: 'signs in',
    codesEnd() {
      codesAreOld = true;
    },
    breaks(status) {
      broken = status;
    },
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return hosted;
}

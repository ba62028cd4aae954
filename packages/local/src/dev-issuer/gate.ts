import { LOCAL_TOKEN, type Role, roles, type SignIn } from '@swath/api';
import { bearerIdentity, tokenVerifier } from '@swath/api/auth/index';
import type { ApiDeps } from '@swath/api/deps';
import { SwathError } from '@swath/core';
import type { Clock } from '@swath/ports';
import { AUDIENCE, devIssuer } from './issuer.ts';
import { TOKEN_LIFE_H } from './limits.ts';
import { type DevSignIn, devSignIn } from './sign-in.ts';

/** Project of whoever works on this machine without a token; tokens name it unless they are asked for another. */
export const LOCAL_PROJECT = 'local';

/** `machine`: whoever reaches the server is the machine's user. `token`: as in AWS, with tokens of the dev issuer. */
export type LocalAuth = 'machine' | 'token';

export interface Gate {
  readonly identify: ApiDeps['identify'];
  /** Documents that are served to everybody, by path. */
  readonly documents: ReadonlyMap<string, object>;
  /** One for each role in the local project; absent where none is needed. */
  readonly tokens?: Readonly<Record<Role, string>>;
  /** How people sign devices in; absent where nobody signs in. */
  readonly signIn?: DevSignIn;
}

/**
 * Who may do what at a server of this machine.
 *
 * Without tokens the caller is the machine's user, as admin of one project. That is safe because the server listens on
 * 127.0.0.1 alone, so that no other machine reaches it; answers for loopback names alone, so that no page reaches it by
 * a name of its own (DNS rebinding); and takes no change from pages of other origins, whose scripts cannot read its
 * answers either. Other people with an account on the machine can: for them there are tokens.
 */
export async function openGate({
  auth,
  folder,
  url,
  clock,
}: {
  readonly auth: LocalAuth;
  readonly folder: string;
  readonly url: string;
  readonly clock: Clock;
}): Promise<Gate> {
  if (auth === 'machine') {
    return { identify: async () => ({ project: LOCAL_PROJECT, roles: ['admin'] }), documents: new Map() };
  }
  const { issuer, documents, sign } = devIssuer({ folder, url, clock });
  const verify = tokenVerifier({
    issuers: [issuer],
    clock,
    readJson: async (address) => {
      const document = address.origin === url ? documents.get(address.pathname) : undefined;
      if (document === undefined) throw new SwathError('Bug', `the dev issuer has nothing at ${address}`);
      return document;
    },
  });
  const tokenOf = (role: Role) => sign({ role, project: LOCAL_PROJECT, lifeH: TOKEN_LIFE_H });
  const [viewer, requester, operator, admin] = await Promise.all(roles.map(tokenOf));
  if (viewer === undefined || requester === undefined || operator === undefined || admin === undefined) {
    throw new SwathError('Bug', 'a role has no token');
  }
  return {
    identify: bearerIdentity(verify),
    documents,
    tokens: { viewer, requester, operator, admin },
    signIn: devSignIn({ url, client: AUDIENCE, verify, clock }),
  };
}

/** What openEO's clients are told: there is nobody to sign in, or a device code, which ends in a token of the terminal. */
export function openeoSignIn({ signIn }: Gate): SignIn {
  if (signIn === undefined) return { kind: 'open', token: LOCAL_TOKEN };
  const { provider, client, issuer, scopes } = signIn.config;
  const grants = ['urn:ietf:params:oauth:grant-type:device_code+pkce', 'refresh_token'] as const;
  const default_clients = [{ id: client, grant_types: [...grants] }];
  return {
    kind: 'oidc',
    providers: [{ id: provider, issuer, title: 'This machine', scopes, default_clients }],
  };
}

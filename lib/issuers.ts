import { SwathError } from '@swath/core';
import type { OidcProvider } from '../lambdas/api/contract.ts';
import type { IssuerInput } from '../lambdas/authorizer/contract.ts';
import type { SwathConfig } from './config.ts';
import type { IdentityStack } from './stacks/identity-stack.ts';

/** The issuer the configuration names, or else our own user pool: what the authorizer is told. */
export function issuersOf(
  auth: SwathConfig['auth'],
  identity: IdentityStack | undefined,
): readonly IssuerInput[] {
  const common = {
    ...(auth.roles === undefined ? {} : { roles: auth.roles }),
    ...(auth.projectClaim === undefined ? {} : { projectClaim: auth.projectClaim }),
  };
  if (auth.oidcIssuer !== undefined) {
    return [
      {
        id: 'oidc',
        issuer: auth.oidcIssuer,
        audiences: [...(auth.oidcAudiences ?? [])],
        ...(auth.groupsClaim === undefined ? {} : { groupsClaim: auth.groupsClaim }),
        ...common,
      },
    ];
  }
  if (identity === undefined) throw new SwathError('Bug', 'Neither an issuer nor a user pool.');
  const issuer = identity.pool.userPoolProviderUrl;
  return [
    {
      id: 'cognito',
      issuer,
      // Access tokens of Cognito name their client, not an audience.
      clients: [identity.client.userPoolClientId],
      tokenUse: ['access'],
      groupsClaim: auth.groupsClaim ?? 'cognito:groups',
      keysUrl: `${issuer}/.well-known/jwks.json`,
      ...common,
    },
  ];
}

const BY_DEVICE = 'urn:ietf:params:oauth:grant-type:device_code+pkce' as const;
const BY_CODE = ['authorization_code+pkce', 'refresh_token'] as const;

/**
 * Where the `swath` command and the openEO clients wait for the code after sign-in: Cognito compares whole addresses,
 * so the port is part of the agreement. 1410 is what openEO clients offer as fixed port.
 */
const LOCAL_CALLBACKS = ['http://localhost:1410/callback', 'http://localhost:8765/callback'];

/** Pages that the user pool may send people back to with a code. */
export function signInPages({ auth, delivery }: Pick<SwathConfig, 'auth' | 'delivery'>): readonly string[] {
  const site = delivery.domain === undefined ? [] : [`https://${delivery.domain.name}/ui/`];
  return [...LOCAL_CALLBACKS, ...site, ...auth.callbackUrls];
}

/**
 * What openEO's clients are told to sign in with. Client ids of an issuer of your own are taken for public clients that
 * allow device codes; Cognito has no device codes. The authorization code is offered together with the pages it may be
 * sent to, as openEO demands: clients look for their own among them.
 */
export function oidcProvidersOf(
  auth: SwathConfig['auth'],
  identity: IdentityStack | undefined,
): readonly OidcProvider[] {
  const pages = identity === undefined ? auth.callbackUrls : identity.signInPages;
  return issuersOf(auth, identity).map(({ id, issuer, audiences = [], clients = [] }) => ({
    id,
    issuer,
    title: identity === undefined ? new URL(issuer).host : 'Swath',
    scopes: ['openid', 'email', 'profile'],
    default_clients: [
      ...clients.map((client) => ({ id: client, grant_types: [...BY_CODE], redirect_urls: [...pages] })),
      ...audiences.slice(0, 1).map((client) => ({
        id: client,
        ...(pages.length === 0
          ? { grant_types: [BY_DEVICE, 'refresh_token' as const] }
          : { grant_types: [BY_DEVICE, ...BY_CODE], redirect_urls: [...pages] }),
      })),
    ],
  }));
}

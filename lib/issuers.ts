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

/**
 * What openEO's clients are told to sign in with. Client ids of an issuer of your own are taken for public clients that
 * allow device codes; Cognito has no device codes.
 */
export function oidcProvidersOf(
  auth: SwathConfig['auth'],
  identity: IdentityStack | undefined,
): readonly OidcProvider[] {
  return issuersOf(auth, identity).map(({ id, issuer, audiences = [], clients = [] }) => ({
    id,
    issuer,
    title: identity === undefined ? new URL(issuer).host : 'Swath',
    scopes: ['openid', 'email', 'profile'],
    default_clients: [
      ...clients.map((client) => ({
        id: client,
        grant_types: ['authorization_code+pkce' as const, 'refresh_token' as const],
      })),
      ...audiences.slice(0, 1).map((client) => ({
        id: client,
        grant_types: [
          'urn:ietf:params:oauth:grant-type:device_code+pkce' as const,
          'authorization_code+pkce' as const,
          'refresh_token' as const,
        ],
      })),
    ],
  }));
}

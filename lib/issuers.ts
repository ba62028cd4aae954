import { SwathError } from '@swath/core';
import type { DeviceSignInConfig, OidcProvider } from '../lambdas/api/contract.ts';
import type { IssuerInput } from '../lambdas/authorizer/contract.ts';
import type { SwathConfig } from './config.ts';

/** Sign-in to our own user pool. */
export interface OwnSignIn {
  /** As tokens name it. */
  readonly issuer: string;
  /** Scheme and host of Cognito's pages and endpoints. */
  readonly signInUrl: string;
  readonly client: string;
  /** Pages of others that people may be sent back to. */
  readonly pages: readonly string[];
  /** Scheme and host of the API's own pages for people; undefined where nobody knows it at synth: no device codes then. */
  readonly pagesUrl: string | undefined;
}

/** The issuer the configuration names, or else our own user pool: what the authorizer is told. */
export function issuersOf(auth: SwathConfig['auth'], own: OwnSignIn | undefined): readonly IssuerInput[] {
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
  if (own === undefined) throw new SwathError('Bug', 'Neither an issuer nor a user pool.');
  const { issuer, client } = own;
  return [
    {
      id: COGNITO,
      issuer,
      // Access tokens of Cognito name their client, not an audience.
      clients: [client],
      tokenUse: ['access'],
      groupsClaim: auth.groupsClaim ?? 'cognito:groups',
      keysUrl: `${issuer}/.well-known/jwks.json`,
      ...common,
    },
  ];
}

const COGNITO = 'cognito';
const SCOPES = ['openid', 'email', 'profile'];
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
 * allow device codes; in front of Cognito, which has none, the API gives them itself. The authorization code is offered
 * together with the pages it may be sent to, as openEO demands: clients look for their own among them.
 */
export function oidcProvidersOf(
  auth: SwathConfig['auth'],
  own: OwnSignIn | undefined,
): readonly OidcProvider[] {
  const pages = own === undefined ? auth.callbackUrls : own.pages;
  const hasDevices = own === undefined || own.pagesUrl !== undefined;
  return issuersOf(auth, own).map(({ id, issuer, audiences = [], clients = [] }) => ({
    id,
    issuer,
    title: own === undefined ? new URL(issuer).host : 'Swath',
    scopes: SCOPES,
    default_clients: [...clients, ...audiences].slice(0, 1).map((client) => ({
      id: client,
      ...(pages.length === 0
        ? { grant_types: [BY_DEVICE, 'refresh_token' as const] }
        : { grant_types: [...(hasDevices ? [BY_DEVICE] : []), ...BY_CODE], redirect_urls: [...pages] }),
    })),
  }));
}

/** Device codes in front of our own user pool; undefined where its pages would have no address that Cognito knows. */
export function deviceSignInOf(own: OwnSignIn | undefined): DeviceSignInConfig | undefined {
  if (own?.pagesUrl === undefined) return undefined;
  const { issuer, signInUrl, client, pagesUrl } = own;
  return {
    provider: COGNITO,
    client,
    pagesUrl,
    scopes: SCOPES,
    issuer,
    authorizationEndpoint: `${signInUrl}/oauth2/authorize`,
    tokenEndpoint: `${signInUrl}/oauth2/token`,
    jwksUri: `${issuer}/.well-known/jwks.json`,
    userinfoEndpoint: `${signInUrl}/oauth2/userInfo`,
    revocationEndpoint: `${signInUrl}/oauth2/revoke`,
  };
}

import { createRequire } from 'node:module';
import { deviceSignInConfig } from '@swath/api/device/config';
import { oidcProvider } from '@swath/api/openeo/oidc-provider';
import { describe, expect, it } from 'vitest';
import { configOf } from './config.ts';
import { deviceSignInOf, oidcProvidersOf, signInPages } from './issuers.ts';

// js-client is CommonJS without types that hold: what is used of it is said here.
const { OidcProvider } = createRequire(import.meta.url)('@openeo/js-client') as {
  readonly OidcProvider: {
    new (
      connection: null,
      options: object,
    ): { detectDefaultClient(): { readonly id: string } | null; readonly grant: string };
    redirectUrl: string;
  };
};

const AUTHORIZATION_CODE = 'authorization_code+pkce';
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code+pkce';
const editor = 'https://editor.openeo.org/';

const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555';
const ownIssuer = { oidcIssuer: 'https://login.example/realms/earth', oidcAudiences: ['swath', 'other'] };
const authOf = (auth: object) => configOf('dev', { dev: { auth } }).auth;

describe('what openEO’s clients are told of sign-in', () => {
  it('of an issuer of your own: device codes, and no way back to pages that nobody named', () => {
    expect(oidcProvidersOf(authOf(ownIssuer), undefined)).toMatchObject([
      { id: 'oidc', default_clients: [{ id: 'swath', grant_types: [DEVICE_CODE, 'refresh_token'] }] },
    ]);
  });

  it('names the pages that people may be sent back to wherever it names the authorization code', () => {
    const [provider] = oidcProvidersOf(authOf({ ...ownIssuer, callbackUrls: [editor] }), undefined);
    expect(provider?.default_clients).toEqual([
      {
        id: 'swath',
        grant_types: [DEVICE_CODE, AUTHORIZATION_CODE, 'refresh_token'],
        redirect_urls: [editor],
      },
    ]);
    // The Web Editor finds the client by its own address.
    OidcProvider.redirectUrl = editor.replace(/\/$/, '');
    const found = new OidcProvider(null, provider ?? {});
    expect([found.detectDefaultClient()?.id, found.grant]).toEqual(['swath', AUTHORIZATION_CODE]);
    OidcProvider.redirectUrl = 'https://elsewhere.example';
    expect(new OidcProvider(null, provider ?? {}).detectDefaultClient()).toBeNull();
  });

  it('of Cognito: the pages its client knows, those on one’s own machine first', () => {
    const config = configOf('dev', {
      dev: {
        auth: { callbackUrls: [editor] },
        delivery: { domain: { name: 'swath.example.org', certificateArn } },
      },
    });
    expect(signInPages(config)).toEqual([
      'http://localhost:1410/callback',
      'http://localhost:8765/callback',
      'https://swath.example.org/ui/',
      editor,
    ]);
  });

  it('of Cognito: device codes by the same client, unless the pages for people have no address', () => {
    const own = {
      issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/pool',
      signInUrl: 'https://swath.auth.eu-central-1.amazoncognito.com',
      client: 'client-1',
      pages: [editor],
      pagesUrl: 'https://swath.example.org',
    };
    expect(oidcProvidersOf(authOf({}), own)).toMatchObject([
      {
        id: 'cognito',
        default_clients: [
          {
            id: 'client-1',
            grant_types: [DEVICE_CODE, AUTHORIZATION_CODE, 'refresh_token'],
            redirect_urls: [editor],
          },
        ],
      },
    ]);
    expect(deviceSignInConfig.parse(deviceSignInOf(own))).toMatchObject({
      provider: 'cognito',
      client: 'client-1',
      pagesUrl: own.pagesUrl,
      tokenEndpoint: `${own.signInUrl}/oauth2/token`,
    });
    const nowhere = { ...own, pagesUrl: undefined };
    expect(deviceSignInOf(nowhere)).toBeUndefined();
    const [without] = oidcProvidersOf(authOf({}), nowhere);
    expect(without?.default_clients?.[0]?.grant_types).toEqual([AUTHORIZATION_CODE, 'refresh_token']);
  });

  it('is refused as configuration where the code has no page to come back to', () => {
    const client = { id: 'swath', grant_types: [AUTHORIZATION_CODE] };
    const provider = { id: 'a', issuer: 'https://login.example', title: 'A', default_clients: [client] };
    expect(oidcProvider.safeParse(provider).success).toBe(false);
    const whole = { ...provider, default_clients: [{ ...client, redirect_urls: [editor] }] };
    expect(oidcProvider.safeParse(whole).success).toBe(true);
  });
});

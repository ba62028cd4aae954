import type { OidcProvider } from '../openeo/oidc-provider.ts';
import type { DeviceSignInConfig } from './config.ts';
import { DEVICE_GRANT } from './token.ts';

/** Where clients find `/.well-known/openid-configuration`. */
export const issuerUrl = (baseUrl: string): string => `${baseUrl}/oidc`;

/** Providers for `GET /credentials/oidc`: the one in front of which device codes are offered is found at our own address. */
export const providersWithDevices = (
  providers: readonly OidcProvider[],
  config: DeviceSignInConfig,
  baseUrl: string,
): readonly OidcProvider[] =>
  providers.map((one) => (one.id === config.provider ? { ...one, issuer: issuerUrl(baseUrl) } : one));

/**
 * OpenID Connect Discovery 1.0, section 3, with RFC 8628's member. `issuer` is the issuer of the tokens, which they name
 * and which js-client compares, and not the address of this document, which none of openEO's clients does.
 */
export function openidConfiguration(config: DeviceSignInConfig, baseUrl: string) {
  const { userinfoEndpoint, revocationEndpoint } = config;
  return {
    issuer: config.issuer,
    authorization_endpoint: config.authorizationEndpoint,
    device_authorization_endpoint: `${issuerUrl(baseUrl)}/device_authorization`,
    token_endpoint: `${issuerUrl(baseUrl)}/token`,
    jwks_uri: config.jwksUri,
    ...(userinfoEndpoint === undefined ? {} : { userinfo_endpoint: userinfoEndpoint }),
    ...(revocationEndpoint === undefined ? {} : { revocation_endpoint: revocationEndpoint }),
    scopes_supported: config.scopes,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', DEVICE_GRANT],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
  };
}

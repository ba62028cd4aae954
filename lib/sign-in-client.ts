import { Duration } from 'aws-cdk-lib';
import { OAuthScope, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { SwathConfig } from './config.ts';
import { type OwnSignIn, signInPages } from './issuers.ts';
import type { IdentityStack } from './stacks/identity-stack.ts';

/**
 * The client that everybody signs in with: programs, pages, and the API itself for devices. With the API and not with the
 * pool, because Cognito compares whole addresses, and the API's own is known where the API is made.
 *
 * @param pagesUrl scheme and host of the API's pages for people; undefined where they have no address that is known.
 */
export function signInClient(
  scope: Construct,
  config: SwathConfig,
  identity: IdentityStack,
  pagesUrl: string | undefined,
): OwnSignIn {
  const pages = signInPages(config);
  const client = new UserPoolClient(scope, 'Client', {
    userPool: identity.pool,
    // A program on a user's machine keeps no secret: the code is bound to it by PKCE instead.
    generateSecret: false,
    authFlows: { userSrp: true },
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
      callbackUrls: [...pages, ...(pagesUrl === undefined ? [] : [`${pagesUrl}/device/callback`])],
      logoutUrls: [...signInPages({ auth: { ...config.auth, callbackUrls: [] }, delivery: config.delivery })],
    },
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
    accessTokenValidity: Duration.hours(1),
    idTokenValidity: Duration.hours(1),
    // A notebook that is opened once a month still works.
    refreshTokenValidity: Duration.days(30),
  });
  return {
    issuer: identity.pool.userPoolProviderUrl,
    signInUrl: identity.signInUrl,
    client: client.userPoolClientId,
    pages,
    pagesUrl,
  };
}

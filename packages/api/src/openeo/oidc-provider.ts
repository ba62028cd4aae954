import * as z from 'zod';

/** Ways to a token; without a secret, PKCE has to be among them. */
const grantTypes = [
  'authorization_code+pkce',
  'urn:ietf:params:oauth:grant-type:device_code+pkce',
  'urn:ietf:params:oauth:grant-type:device_code',
  'refresh_token',
] as const;

/** An OpenID Connect provider as `GET /credentials/oidc` answers it. */
export const oidcProvider = z.strictObject({
  /** Of the issuer, as the authorizer knows it. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,20}$/),
  issuer: z.url({ protocol: /^https$/ }),
  title: z.string().min(1).max(200),
  scopes: z.array(z.string().min(1)).exactOptional(),
  /** Clients that anybody may use: without a secret. */
  default_clients: z
    .array(
      z
        .strictObject({
          id: z.string().min(1),
          grant_types: z.array(z.enum(grantTypes)).min(1),
          /** Pages the issuer sends people back to: clients look for their own. */
          redirect_urls: z.array(z.url()).min(1).exactOptional(),
        })
        .refine(
          ({ grant_types: grants, redirect_urls: pages }) =>
            pages !== undefined || !grants.includes('authorization_code+pkce'),
          'the authorization code needs redirect_urls',
        ),
    )
    .exactOptional(),
});

export type OidcProvider = Readonly<z.output<typeof oidcProvider>>;

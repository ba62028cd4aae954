import * as z from 'zod';
import { roles } from '../deps.ts';

const httpsUrl = z.url({ protocol: /^https$/ }).max(2048);

/** A claim by name, or a way down into nested claims: `["realm_access", "roles"]` (Keycloak). */
const claimPath = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(4)])
  .transform((path) => (typeof path === 'string' ? [path] : path));

const issuer = z
  .strictObject({
    /** Name of the provider in openEO: `Bearer oidc/<id>/<token>`. */
    id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    /** The `iss` claim, character by character. */
    issuer: httpsUrl,
    /** The `aud` claim has to name one of these. */
    audiences: z.array(z.string().min(1)).default([]),
    /** The client that got the token (`client_id`, or `azp`) has to be one of these. Cognito's access tokens have no `aud`. */
    clients: z.array(z.string().min(1)).default([]),
    /** Cognito: values of `token_use` that are taken. @default not looked at */
    tokenUse: z
      .array(z.enum(['access', 'id']))
      .min(1)
      .exactOptional(),
    groupsClaim: claimPath.default(['groups']),
    /** From a group to the role it stands for. */
    roles: z
      .record(z.string().min(1), z.enum(roles))
      .default({ viewer: 'viewer', requester: 'requester', operator: 'operator', admin: 'admin' }),
    /** The claim that names the project. @default a group `project:<id>`, or else the person is the project */
    projectClaim: claimPath.exactOptional(),
    /** Where the keys are. @default what the issuer's `/.well-known/openid-configuration` says */
    keysUrl: httpsUrl.exactOptional(),
  })
  .refine(({ audiences, clients }) => audiences.length + clients.length > 0, {
    message:
      'has to name audiences or clients: a token for another application of the same issuer must not do',
  });

/** The issuers whose tokens are taken: each once, by id and by name. */
export const issuers = z
  .array(issuer)
  .min(1)
  .max(16)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { message: 'ids repeat' })
  .refine((all) => new Set(all.map((one) => one.issuer)).size === all.length, { message: 'issuers repeat' });

export type IssuerInput = z.input<typeof issuer>;
export type Issuer = z.output<typeof issuer>;

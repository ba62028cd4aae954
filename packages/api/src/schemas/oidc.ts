import * as z from 'zod';

/** Documents and forms of device sign-in (RFC 8628) and of the token endpoint (RFC 6749). */

export const openidConfiguration = z
  .looseObject({
    issuer: z.string().describe('As tokens name it.'),
    authorization_endpoint: z.string(),
    device_authorization_endpoint: z.string(),
    token_endpoint: z.string(),
    jwks_uri: z.string(),
  })
  .meta({ id: 'OpenidConfiguration' });

export const deviceAuthorizationForm = z
  .object({
    client_id: z.string(),
    scope: z.string().optional().describe('Not looked at.'),
    code_challenge: z.string().optional().describe('PKCE; the poll then needs the code_verifier.'),
    code_challenge_method: z.literal('S256').optional(),
  })
  .meta({ id: 'DeviceAuthorizationForm' });

export const deviceAuthorization = z
  .object({
    device_code: z.string(),
    user_code: z.string(),
    verification_uri: z.string(),
    verification_uri_complete: z.string(),
    expires_in: z.int().describe('Seconds.'),
    interval: z.int().describe('Seconds between two polls.'),
  })
  .meta({ id: 'DeviceAuthorization' });

export const tokenForm = z
  .object({
    grant_type: z.string(),
    client_id: z.string(),
    device_code: z.string().optional(),
    refresh_token: z.string().optional(),
    code: z.string().optional(),
    redirect_uri: z.string().optional(),
    code_verifier: z.string().optional(),
  })
  .meta({ id: 'TokenForm' });

/** RFC 6749, 5.1 with OpenID Connect's `id_token`; whatever else an issuer says stays here. */
export const tokenAnswer = z
  .object({
    access_token: z.string(),
    token_type: z.string(),
    expires_in: z.number().optional(),
    id_token: z.string().optional(),
    refresh_token: z.string().optional(),
    scope: z.string().optional(),
  })
  .meta({ id: 'TokenAnswer' });

export const devicePageForm = z
  .object({ user_code: z.string(), mark: z.string().optional(), answer: z.string().optional() })
  .meta({ id: 'DevicePageForm' });

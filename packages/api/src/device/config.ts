import type { Clock, Table } from '@swath/ports';
import * as z from 'zod';

const address = z.url().max(2048);

/** An issuer with the authorization code and without device codes, and the client that programs, pages and we ourselves are there. */
export const deviceSignInConfig = z.strictObject({
  /** Of the provider in `GET /credentials/oidc`. */
  provider: z.string().min(1),
  /** The public client that everybody names; the issuer knows `<pagesUrl>/device/callback` as one of its addresses. */
  client: z.string().min(1),
  /** Scheme and host of the pages for people, which the issuer knows. @default those of each call */
  pagesUrl: address.exactOptional(),
  scopes: z.array(z.string().min(1)).min(1),
  /** The `iss` claim of its tokens. */
  issuer: z.string().min(1),
  authorizationEndpoint: address,
  tokenEndpoint: address,
  jwksUri: address,
  userinfoEndpoint: address.exactOptional(),
  revocationEndpoint: address.exactOptional(),
});

export type DeviceSignInConfig = Readonly<z.output<typeof deviceSignInConfig>>;

/**
 * A form sent to the issuer's token endpoint, and its answer, whatever the status. `json` is undefined for what is none.
 * @throws SwathError Unavailable when it does not answer.
 */
export type AskTokens = (
  form: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number; readonly json: unknown }>;

/** Device codes (RFC 8628) in front of an issuer that has none. */
export interface DeviceSignIn {
  readonly config: DeviceSignInConfig;
  readonly table: Table;
  readonly clock: Clock;
  readonly askTokens: AskTokens;
}

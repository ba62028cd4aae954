import { type DeviceSignInConfig, deviceSignInConfig } from '@swath/api/device/config';
import { type OidcProvider, oidcProvider } from '@swath/api/openeo/oidc-provider';
import * as z from 'zod';
import { parseJsonText, requestEnvironment } from '../support/environment.ts';
import { HANDLER_MEMORY_MB } from '../support/limits.ts';

export type { DeviceSignInConfig, OidcProvider };

/** API Gateway's HTTP API ends an integration after 30 s; an event stream has to end before. */
export const API_TIMEOUT_S = 29;

/** Lambda answers up to 6 MB, and bytes travel as base64: a third more. */
export const ANSWER_LIMIT_BYTES = 4_500_000;

export const contract = {
  name: 'api',
  environment: z.object({
    ...requestEnvironment.shape,
    /** Where files of uploads are kept, below `uploads/`. */
    SWATH_RAW_BUCKET: z.string().min(1),
    /** Address that users see, without a slash at the end, where a proxy hides the API's own. */
    SWATH_PUBLIC_URL: z.url().exactOptional(),
    /** JSON: the OpenID Connect providers that openEO's clients are told of. */
    SWATH_OIDC_PROVIDERS: z
      .string()
      .default('[]')
      .transform(parseJsonText)
      .pipe(z.array(oidcProvider).max(16)),
    /** JSON: the issuer without device codes in front of which the API gives them (packages/api/src/device/config.ts). */
    SWATH_DEVICE_SIGN_IN: z.string().transform(parseJsonText).pipe(deviceSignInConfig).exactOptional(),
  }),
  timeoutS: API_TIMEOUT_S,
  memoryMb: HANDLER_MEMORY_MB,
} as const;

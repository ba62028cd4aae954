import * as z from 'zod';
import { requestEnvironment } from '../support/environment.ts';
import { HANDLER_MEMORY_MB } from '../support/limits.ts';

/** API Gateway's HTTP API ends an integration after 30 s; an event stream has to end before. */
export const API_TIMEOUT_S = 29;

export const contract = {
  name: 'api',
  environment: z.object({
    ...requestEnvironment.shape,
    /** Where files of uploads are kept, below `uploads/`. */
    SWATH_RAW_BUCKET: z.string().min(1),
    /** Address that users see, without a slash at the end, where a proxy hides the API's own. */
    SWATH_PUBLIC_URL: z.url().exactOptional(),
  }),
  timeoutS: API_TIMEOUT_S,
  memoryMb: HANDLER_MEMORY_MB,
} as const;

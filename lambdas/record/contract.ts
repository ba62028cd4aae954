import { costSettings } from '@swath/requests/cost/rates';
import * as z from 'zod';
import { parseJsonText, requestEnvironment } from '../support/environment.ts';
import { BATCH_SIZE, HANDLER_MEMORY_MB, HANDLER_TIMEOUT_S } from '../support/limits.ts';

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'record',
  environment: z.object({
    ...requestEnvironment.shape,
    /** Bucket of the tables' Parquet files: read, list and write. */
    SWATH_ANALYTICS_BUCKET: z.string().min(1),
    /** JSON: what of the stage's configuration the price of a request depends on; what it leaves out is the default's. */
    SWATH_PRICES: z.string().default('{}').transform(parseJsonText).pipe(costSettings),
  }),
  /** Queue of RequestDeps whose messages it takes. */
  queue: 'record',
  batchSize: BATCH_SIZE,
  timeoutS: HANDLER_TIMEOUT_S,
  memoryMb: HANDLER_MEMORY_MB,
} as const;

export type { CostSettings } from '@swath/requests/cost/rates';

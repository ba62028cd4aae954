import { SWEEP_PERIOD_MS } from '@swath/requests';
import * as z from 'zod';
import { requestEnvironment } from '../support/environment.ts';
import { HANDLER_MEMORY_MB, RECONCILE_TIMEOUT_S } from '../support/limits.ts';

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'reconcile',
  environment: z.object({
    ...requestEnvironment.shape,
    /** Where files of uploads are kept. */
    SWATH_RAW_BUCKET: z.string().min(1),
  }),
  /** Of its schedule. Runs may overlap. */
  periodS: SWEEP_PERIOD_MS / 1000,
  timeoutS: RECONCILE_TIMEOUT_S,
  memoryMb: HANDLER_MEMORY_MB,
} as const;

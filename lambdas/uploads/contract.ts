import * as z from 'zod';
import { requestEnvironment } from '../support/environment.ts';

/** The most Lambda gives. A check ends itself after 12 min (`CHECK_TIME_MS` of @swath/uploads). */
export const UPLOADS_TIMEOUT_S = 900;

/** One whole vCPU (1,769 MB), because checking is decoding; files are read by range and never lie on disk. */
export const UPLOADS_MEMORY_MB = 1769;

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'uploads',
  environment: z.object({
    ...requestEnvironment.shape,
    /** Where checked files are kept, below `uploads/`. */
    SWATH_RAW_BUCKET: z.string().min(1),
  }),
  /** Files to be checked. */
  queue: 'uploads',
  /** One file at a time: another must not wait for it, nor share its memory and time. */
  batchSize: 1,
  timeoutS: UPLOADS_TIMEOUT_S,
  memoryMb: UPLOADS_MEMORY_MB,
} as const;

import { COMPACT_PERIOD_S } from '@swath/analytics/limits';
import * as z from 'zod';

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'compact',
  environment: z.object({
    /** Bucket of the tables' Parquet files: read, list, write and delete. */
    SWATH_ANALYTICS_BUCKET: z.string().min(1),
  }),
  /** Of its schedule. Runs may overlap. */
  periodS: COMPACT_PERIOD_S,
  /** Lambda's longest; a run begins nothing new after 10 minutes. */
  timeoutS: 900,
  /** 64 MB of Parquet are held as rows, ten times as large. */
  memoryMb: 2048,
} as const;

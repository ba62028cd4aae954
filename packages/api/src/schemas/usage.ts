import * as z from 'zod';
import { link } from './common.ts';

/** Schemas of what a project used. */

const count = z.int().min(0);

export const usageMonth = z
  .object({
    month: z.string().describe('`2026-11`, UTC: requests made in it.'),
    requests: z.object({
      accepted: count,
      open: count.describe('Not ended. One that is tried again counts by its last end until it ends anew.'),
      succeeded: count,
      partial: count,
      failed: count,
      cancelled: count,
      expired: count,
      reused: count.describe('Of those that ended: answered by results that were there already.'),
    }),
    products: count.describe('Results that were published.'),
    pixels: count.describe('In them, each once whatever its bands.'),
    bytesWritten: count.describe('Of their GeoTIFFs.'),
    bytesReadPlanned: count.describe('Bytes that plans expected to read.'),
    bytesRead: count.describe('Bytes their jobs fetched from providers; files of the machine are not in it.'),
    chunks: count.describe('Parts that were computed.'),
    computeSeconds: z.number().min(0).describe('Of processing jobs, added up over jobs.'),
    cpuSeconds: z.number().min(0).describe('CPU seconds of all their jobs.'),
    budgetUnits: count.describe('Units charged.'),
    estimatedUsd: z
      .number()
      .min(0)
      .describe(
        'What AWS is expected to bill for them, without tax and free allowances: an estimate from what was used. On a machine of your own: what it would have been.',
      ),
  })
  .meta({ id: 'UsageMonth' });

export const usageList = z
  .object({
    project: z.string(),
    budget: z.object({ heldUnits: count, spentUnits: count }).describe('Now, over all months.'),
    months: z.array(usageMonth),
    links: z.array(link),
  })
  .meta({ id: 'Usage' });

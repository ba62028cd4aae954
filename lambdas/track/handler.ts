import { SwathError } from '@swath/core';
import { type RequestDeps, type Tracked, track } from '@swath/requests';
import * as z from 'zod';
import { lazily } from '../support/from-env.ts';

/** EventBridge's `Batch Job State Change`, reduced to what is read. */
const batchEvent = z.looseObject({
  source: z.literal('aws.batch'),
  'detail-type': z.literal('Batch Job State Change'),
  detail: z.looseObject({
    jobId: z.string().min(1),
    jobName: z.string().min(1),
    status: z.enum(['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED']),
    statusReason: z.string().exactOptional(),
    arrayProperties: z.looseObject({ index: z.int().exactOptional() }).exactOptional(),
  }),
});

/**
 * State changes of Batch jobs. Jobs of others and children of array jobs are ignored and counted in the log; what is
 * no such event at all is refused, so that it ends in the dead-letter queue of the rule.
 */
export const makeHandler =
  (deps: RequestDeps) =>
  async (event: unknown): Promise<{ readonly tracked: Tracked }> => {
    const parsed = batchEvent.safeParse(event);
    if (!parsed.success) {
      deps.log.error('JobEvent:Parse:Refused', {
        issues: parsed.error.issues.map((issue) => issue.path.join('.')),
      });
      throw new SwathError('InvalidInput', 'This is no state change of a Batch job.');
    }
    const { jobId, jobName, status, statusReason, arrayProperties } = parsed.data.detail;
    const tracked =
      arrayProperties?.index !== undefined
        ? 'ignored'
        : await track(deps, {
            jobId,
            jobName,
            status,
            ...(statusReason === undefined ? {} : { statusReason }),
          });
    deps.log.info('JobEvent:Handle:Done', { jobName, status, tracked });
    return { tracked };
  };

export const handler = lazily(makeHandler);

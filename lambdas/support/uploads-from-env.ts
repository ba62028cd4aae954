import { awsUploadPorts } from '@swath/aws';
import type { RequestDeps } from '@swath/requests';
import type { UploadDeps } from '@swath/uploads';
import * as z from 'zod';
import { parseEnvironment, requestEnvironment } from './environment.ts';

const { SWATH_WORK_BUCKET, SWATH_UPLOADS_QUEUE_URL, SWATH_UPLOADS_DEAD_LETTER_URL } =
  requestEnvironment.shape;

/** What uploads need of the environment. */
const uploadsEnvironment = z.object({
  SWATH_WORK_BUCKET,
  SWATH_UPLOADS_QUEUE_URL,
  SWATH_UPLOADS_DEAD_LETTER_URL,
  SWATH_RAW_BUCKET: z.string().min(1),
});

/** Uploads over AWS, beside the machine. Makes no call. @throws InvalidInput naming what is missing. */
export function uploadsFromEnv(
  { table, work, results, clock, random, log }: RequestDeps,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): UploadDeps {
  const env = parseEnvironment(uploadsEnvironment, variables);
  const ports = awsUploadPorts({
    workBucket: env.SWATH_WORK_BUCKET,
    rawBucket: env.SWATH_RAW_BUCKET,
    queue: { url: env.SWATH_UPLOADS_QUEUE_URL, deadLetterUrl: env.SWATH_UPLOADS_DEAD_LETTER_URL },
  });
  return { table, quarantine: work, results, clock, random, log, ...ports };
}

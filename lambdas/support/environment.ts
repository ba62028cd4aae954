import { SwathError } from '@swath/core';
import * as z from 'zod';

const name = z.string().min(1);
const url = z.url();

/** For variables that hold JSON. */
export function parseJsonText(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'has to be JSON' });
    return z.NEVER;
  }
}

/**
 * What every handler of the request machine finds in its environment; the stacks set the same names. Parsed once, at
 * the first call; unknown variables are Lambda's own business.
 */
export const requestEnvironment = z.object({
  SWATH_TABLE: name,
  SWATH_WORK_BUCKET: name,
  SWATH_RESULTS_BUCKET: name,
  SWATH_ORDER_QUEUE_URL: url,
  SWATH_ORDER_DEAD_LETTER_URL: url,
  SWATH_IMAGERY_QUEUE_URL: url,
  SWATH_IMAGERY_DEAD_LETTER_URL: url,
  SWATH_DISPATCH_QUEUE_URL: url,
  SWATH_DISPATCH_DEAD_LETTER_URL: url,
  SWATH_PUBLISH_QUEUE_URL: url,
  SWATH_PUBLISH_DEAD_LETTER_URL: url,
  SWATH_RECORD_QUEUE_URL: url,
  SWATH_RECORD_DEAD_LETTER_URL: url,
  SWATH_UPLOADS_QUEUE_URL: url,
  SWATH_UPLOADS_DEAD_LETTER_URL: url,
  /** Queues of the jobs of each stage; they may be one. */
  SWATH_ACQUIRE_JOB_QUEUE: name,
  SWATH_PROCESS_JOB_QUEUE: name,
  SWATH_PUBLISH_JOB_QUEUE: name,
  SWATH_ACQUIRE_JOB: name,
  SWATH_PROCESS_JOB: name,
  SWATH_PUBLISH_JOB: name,
  SWATH_BUS: name,
  /** JSON: `[{"id":"pc","title":"Planetary Computer","url":"https://..."}]`, besides Earth Search. */
  SWATH_STAC_APIS: z
    .string()
    .default('[]')
    .transform(parseJsonText)
    .pipe(
      z.array(
        z.strictObject({
          id: z.string().regex(/^[a-z0-9-]{1,64}$/),
          title: z.string().min(1).max(200),
          url,
          acquire: z.enum(['reference', 'copy']).exactOptional(),
        }),
      ),
    ),
  SWATH_DEFAULT_PROVIDER: z.string().min(1).default('earth-search'),
});
export type RequestEnvironment = z.output<typeof requestEnvironment>;
/** The variables themselves, as a stack sets them. */
export type RequestEnvironmentVariables = z.input<typeof requestEnvironment>;

/** @throws SwathError InvalidInput naming every variable that is missing or wrong, never its value. */
export function parseEnvironment<T>(
  schema: z.ZodType<T>,
  env: Readonly<Record<string, string | undefined>>,
): T {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  throw new SwathError('InvalidInput', `Environment: ${names.join(', ')} missing or not valid.`, {
    fix: 'Set them as the stack does.',
  });
}

import * as z from 'zod';

/** A stream's records last this long. */
const STREAM_S = 24 * 3600;

const streamMapping = z.looseObject({
  /** Left out, and -1, are both "for ever": one bad record would hold up its shard until it expires. */
  MaximumRetryAttempts: z.int().min(0).max(10),
  MaximumRecordAgeInSeconds: z
    .int()
    .min(60)
    .max(STREAM_S - 1),
  BisectBatchOnFunctionError: z.literal(true),
  DestinationConfig: z.looseObject({ OnFailure: z.looseObject({ Destination: z.unknown() }) }),
  FilterCriteria: z.looseObject({ Filters: z.array(z.looseObject({ Pattern: z.string() })).length(1) }),
  MaximumBatchingWindowInSeconds: z.int().min(1).max(10),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]),
});

const queueMapping = z.looseObject({
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]),
  // How often a message is tried is its queue's to say.
  MaximumRetryAttempts: z.undefined().optional(),
});

/** What would let one bad record or message stop an event source mapping, by the names of its properties. */
export function mappingFaults(source: 'queue' | 'stream', properties: unknown): readonly string[] {
  const parsed = (source === 'queue' ? queueMapping : streamMapping).safeParse(properties);
  return [...new Set(parsed.error?.issues.map((issue) => String(issue.path[0])) ?? [])];
}

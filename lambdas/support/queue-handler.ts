import { errorJson } from '@swath/core';
import type { RequestDeps, RequestMessage } from '@swath/requests';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';

/** Loose: a later version may add fields to version 1. Another version is another message. */
const requestMessage = z.looseObject({
  v: z.literal(1),
  requestId: z.string().regex(/^[0-9a-f-]{36}$/),
  attempt: z.int().min(1),
}) satisfies z.ZodType<RequestMessage>;

type Deps = Pick<RequestDeps, 'log'>;
type UseCase<D extends Deps> = (deps: D, message: RequestMessage) => Promise<void>;

/**
 * A handler for batches of a queue. Each record is on its own: those that fail, and those nobody can read, are
 * reported and delivered again until the queue sets them aside as dead letters; the others are done.
 *
 * Written out instead of using Powertools' BatchProcessor, which is larger than this and knows no closed set of errors.
 */
export function queueHandler<D extends Deps>(name: string, useCase: UseCase<D>) {
  return (deps: D) =>
    async (event: SQSEvent): Promise<SQSBatchResponse> => {
      const failed = await Promise.all(
        event.Records.map(async (record) => ((await handle(deps, name, useCase, record)) ? [] : [record])),
      );
      return { batchItemFailures: failed.flat().map((record) => ({ itemIdentifier: record.messageId })) };
    };
}

/** @returns whether the record is done. Never throws. */
async function handle<D extends Deps>(
  deps: D,
  name: string,
  useCase: UseCase<D>,
  record: SQSRecord,
): Promise<boolean> {
  const message = parseMessage(record.body);
  if (message === undefined) {
    deps.log.error('Message:Parse:Refused', { handler: name, messageId: record.messageId });
    return false;
  }
  const fields = { handler: name, requestId: message.requestId, attempt: message.attempt };
  try {
    await useCase(deps, message);
    deps.log.info('Message:Handle:Done', fields);
    return true;
  } catch (error) {
    deps.log.error('Message:Handle:Failed', { ...fields, error: errorJson(error) });
    return false;
  }
}

function parseMessage(body: string): RequestMessage | undefined {
  try {
    return requestMessage.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

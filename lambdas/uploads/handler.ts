import { errorJson } from '@swath/core';
import type { UploadDeps, UploadMessage } from '@swath/uploads';
import { checkUpload } from '@swath/uploads/check/check-upload';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { lazily } from '../support/from-env.ts';
import { uploadsFromEnv } from '../support/uploads-from-env.ts';
import { contract } from './contract.ts';

/** Loose: a later version may add fields to version 1. Another version is another message. */
const uploadMessage = z.looseObject({
  v: z.literal(1),
  project: z.string().min(1),
  uploadId: z.string().regex(/^[0-9a-f-]{36}$/),
}) satisfies z.ZodType<UploadMessage>;

/**
 * Checks quarantined files, one after the other. What fails for other reasons than the file, and messages nobody can
 * read, are reported and delivered again until the queue sets them aside.
 */
export const makeHandler =
  (deps: UploadDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of event.Records) {
      if (!(await handle(deps, messageId, body))) failed.push({ itemIdentifier: messageId });
    }
    return { batchItemFailures: failed };
  };

/** @returns whether the message is done. Never throws. */
async function handle(deps: UploadDeps, messageId: string, body: string): Promise<boolean> {
  const message = parseMessage(body);
  if (message === undefined) {
    deps.log.error('Message:Parse:Refused', { handler: contract.name, messageId });
    return false;
  }
  const fields = { handler: contract.name, uploadId: message.uploadId };
  try {
    await checkUpload(deps, message);
    deps.log.info('Message:Handle:Done', fields);
    return true;
  } catch (error) {
    deps.log.error('Message:Handle:Failed', { ...fields, error: errorJson(error) });
    return false;
  }
}

function parseMessage(body: string): UploadMessage | undefined {
  try {
    return uploadMessage.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

export const handler = lazily((deps) => makeHandler(uploadsFromEnv(deps)));

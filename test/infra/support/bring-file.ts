import { expect } from 'vitest';
import * as z from 'zod';
import type { callers } from './callers.ts';
import { pump } from './events.ts';
import type { Machine } from './machine.ts';

const begun = z.looseObject({
  id: z.string(),
  partSizeBytes: z.int(),
  parts: z.array(z.looseObject({ part: z.int(), sizeBytes: z.int(), url: z.string() })),
});

/** An upload as far as tests look at it. */
const looked = z.looseObject({
  state: z.string(),
  refusal: z.unknown(),
  item: z.looseObject({ collection: z.string(), id: z.string() }).nullable(),
});

/** Brings a file as a client does: says what is to come, PUTs parts to links, completes; then the queue is looked at once. */
export async function bringFile(
  { feeds, account }: Machine,
  call: ReturnType<typeof callers>['call'],
  { bytes, ...spec }: { readonly bytes: Uint8Array<ArrayBuffer> } & Readonly<Record<string, unknown>>,
): Promise<z.output<typeof looked> & { readonly id: string }> {
  const feed = feeds.get('uploads') ?? expect.fail('no queue of uploads');
  const body = { ...spec, sizeBytes: bytes.length };
  const posted = await call('POST', '/uploads', { body });
  expect(posted.status, posted.body).toBe(201);
  const { id, partSizeBytes } = begun.parse(JSON.parse(posted.body));
  const linked = await call('POST', `/uploads/${id}/parts`, { body: {} });
  const { parts } = begun.pick({ parts: true }).parse(JSON.parse(linked.body));
  for (const { part, sizeBytes, url } of parts) {
    const from = (part - 1) * partSizeBytes;
    const answer = await fetch(url, { method: 'PUT', body: bytes.subarray(from, from + sizeBytes) });
    expect(answer.status, await answer.text()).toBe(200);
  }
  const completed = await call('POST', `/uploads/${id}/complete`, { body: {} });
  expect(completed.status, completed.body).toBe(202);
  expect(await pump(account.clients.sqs, feed)).toEqual({ taken: 1, failed: 0 });
  const { body: text } = await call('GET', `/uploads/${id}`);
  return { id, ...looked.parse(JSON.parse(text)) };
}

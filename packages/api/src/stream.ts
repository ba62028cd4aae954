import { setTimeout as sleep } from 'node:timers/promises';
import { errorJson } from '@swath/core';
import type { Clock } from '@swath/ports';
import type { RequestEventView, RequestView } from '@swath/requests';
import type { Sent } from './schemas/common.ts';
import { finalStates, type requestProgress } from './schemas/request.ts';

export interface ProgressStreamInput {
  load(): Promise<{ readonly request: RequestView; readonly events: readonly RequestEventView[] }>;
  /** Sequence of the last event the client has; -1 for none. */
  readonly after: number;
  readonly clock: Clock;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly pace: { readonly pollMs: number; readonly heartbeatMs: number; readonly lifeMs: number };
}

function progressOf(request: RequestView): Sent<typeof requestProgress> {
  const { id, state, waitingReason, attempt, updatedAt, progress, failure } = request;
  return { id, state, waitingReason, attempt, updatedAt, progress, failure };
}

function message(event: string, data: unknown, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Text of the stream, piece by piece; ends with `done`, with `error`, or in silence when its life is over. */
async function* pieces(input: ProgressStreamInput, signal: AbortSignal): AsyncGenerator<string> {
  const { load, clock, pace } = input;
  const startedMs = clock.now();
  let after = input.after;
  let spokeMs = startedMs;
  let told = '';
  while (!signal.aborted) {
    const { request, events } = await load();
    let text = '';
    for (const event of events) {
      if (event.sequence <= after) continue;
      text += message('event', event, event.sequence);
      after = event.sequence;
    }
    const progress = progressOf(request);
    const now = JSON.stringify(progress);
    if (now !== told) text += message('progress', progress);
    told = now;
    const done = finalStates.has(request.state);
    if (done) text += message('done', progress);
    if (text !== '') {
      spokeMs = clock.now();
      yield text;
    } else if (clock.now() - spokeMs >= pace.heartbeatMs) {
      spokeMs = clock.now();
      yield ': still here\n\n';
    }
    if (done || clock.now() - startedMs >= pace.lifeMs) return;
    await sleep(pace.pollMs, undefined, { signal });
  }
}

/** Server-sent events that follow one request until it is final, the client leaves, or the stream's life is over. */
export function progressStream(input: ProgressStreamInput): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([input.signal, gone.signal]);
  const source = pieces(input, signal);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await source.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        // The headers are sent: what is left is to say so in the stream, and let the client come back.
        if (!signal.aborted) controller.enqueue(encoder.encode(message('error', errorJson(error))));
        controller.close();
      }
    },
    cancel() {
      gone.abort();
    },
  });
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Received, requestEvent, requestProgress } from '@swath/api/schemas/index';
import { isSwathError, SwathError } from '@swath/core';
import type { Client } from './client.ts';
import { EVENT_LIMIT_CHARS, FOLLOW_PAUSE_MS, FOLLOW_RETRIES } from './limits.ts';

export type Event = Received<typeof requestEvent>;
export type Progress = Received<typeof requestProgress>;

export type News =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly progress: Progress };

interface ServerSentEvent {
  readonly name: string;
  readonly data: string;
}

/** Events of a `text/event-stream` body (WHATWG HTML, 9.2.6), without ids: sequences are in the data. */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true }).replaceAll('\r\n', '\n');
    if (text.length > EVENT_LIMIT_CHARS) {
      throw new SwathError(
        'LimitExceeded',
        `One event of the stream is over ${EVENT_LIMIT_CHARS} characters.`,
      );
    }
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) =>
        lines.flatMap((line) =>
          line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : [],
        );
      const data = field('data');
      if (data.length > 0) yield { name: field('event').at(-1) ?? 'message', data: data.join('\n') };
    }
  }
}

function newsOf({ name, data }: ServerSentEvent): News | undefined {
  const value: unknown = JSON.parse(data);
  if (name === 'event') return { kind: 'event', event: requestEvent.parse(value) };
  if (name === 'progress') return { kind: 'progress', progress: requestProgress.parse(value) };
  return name === 'done' ? { kind: 'done', progress: requestProgress.parse(value) } : undefined;
}

/**
 * News of one request until it is final, over as many connections as it takes. Events come once each.
 * @throws what the client throws; Unavailable when the server stays away.
 */
export async function* follow(client: Client, id: string, signal: AbortSignal): AsyncGenerator<News> {
  let last = -1;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const response = await client.open(`/requests/${encodeURIComponent(id)}/events`, {
        Accept: 'text/event-stream',
        'Last-Event-ID': String(last),
      });
      if (response.body === null) throw new SwathError('Unavailable', 'The stream of events is empty.');
      for await (const message of serverSentEvents(response.body)) {
        const news = newsOf(message);
        if (news === undefined) continue;
        failures = 0;
        if (news.kind === 'event') {
          if (news.event.sequence <= last) continue;
          last = news.event.sequence;
        }
        yield news;
        if (news.kind === 'done') return;
      }
    } catch (error) {
      if (signal.aborted) break;
      const passing = !isSwathError(error) || error.code === 'Unavailable' || error.code === 'Throttled';
      if (!passing || failures >= FOLLOW_RETRIES) throw error;
    }
    failures++;
    if (failures > FOLLOW_RETRIES) {
      throw new SwathError('Unavailable', `The server at ${client.url} gives no news of the request.`, {
        fix: `Ask again with "npx swath watch ${id}".`,
      });
    }
    await sleep(FOLLOW_PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  throw new SwathError('Cancelled', 'Interrupted.');
}

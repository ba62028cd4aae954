import { STREAM_HEARTBEAT_MS, STREAM_LIFE_MS, STREAM_POLL_MS } from '../limits.ts';
import { prefers } from '../negotiate.ts';
import { defineRoute, type Route } from '../route.ts';
import { eventList } from '../schemas/request.ts';
import { progressStream } from '../stream.ts';
import { idParams } from './requests.ts';

export const eventRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/requests/{id}/events',
    operationId: 'listRequestEvents',
    tag: 'Requests',
    summary: 'What happened, and what happens now',
    description:
      'Every transition since the request was accepted. With `Accept: text/event-stream`: server-sent events until the request is final: `event` (a RequestEvent, its sequence as id), `progress` (a RequestProgress, on change) and at last `done`. Comment lines keep the connection open; Last-Event-ID resumes.',
    auth: 'viewer',
    params: idParams,
    headers: { 'Last-Event-ID': 'For the stream: sequence of the last event that was seen.' },
    answer: { status: 200, description: 'The events, in order.', schema: eventList },
    otherAnswers: { '200': { description: 'A stream of them.', contentType: 'text/event-stream' } },
    problems: [404],
    async handle({ params }, call) {
      const { deps, identity, baseUrl, request } = call;
      const events = await deps.requests.events(identity.project, params.id);
      if (!prefers(request, 'text/event-stream')) {
        const href = `${baseUrl}/requests/${encodeURIComponent(params.id)}`;
        return { value: { events, links: [{ rel: 'request', href }] }, headers: { Vary: 'Accept' } };
      }
      const last = Number(request.headers.get('last-event-id') ?? '-1');
      return progressStream({
        load: async () => ({
          request: await deps.requests.get(identity.project, params.id),
          events: await deps.requests.events(identity.project, params.id),
        }),
        after: Number.isSafeInteger(last) ? last : -1,
        clock: deps.clock,
        signal: request.signal,
        pace: deps.stream ?? {
          pollMs: STREAM_POLL_MS,
          heartbeatMs: STREAM_HEARTBEAT_MS,
          lifeMs: STREAM_LIFE_MS,
        },
      });
    },
  }),
];

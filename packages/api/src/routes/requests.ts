import { SwathError } from '@swath/core';
import { parseDatetime } from '@swath/geo';
import * as z from 'zod';
import { exampleRequest } from '../example.ts';
import { IDEMPOTENCY_KEY_LIMIT, LABELS_LIMIT, PAGE_DEFAULT, PAGE_LIMIT } from '../limits.ts';
import { prefers } from '../negotiate.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { planView } from '../schemas/plan.ts';
import { requestList, requestState, requestView } from '../schemas/request.ts';
import { requestSpec } from '../schemas/spec.ts';
import { linkHeader, nextPage } from './paging.ts';

export const idParams = z.object({ id: z.string().min(1).max(128).describe('Id of the request.') });

const urlOf = (call: Call, id: string) => `${call.baseUrl}/requests/${encodeURIComponent(id)}`;

/** @throws SwathError InvalidInput */
function idempotencyKey(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (key.length >= 1 && key.length <= IDEMPOTENCY_KEY_LIMIT && /^[A-Za-z0-9_-]+$/.test(key)) return key;
  throw new SwathError('InvalidInput', 'The Idempotency-Key is not one.', {
    fix: `Use 1 to ${IDEMPOTENCY_KEY_LIMIT} letters, digits, "_" or "-"; a UUID is good.`,
  });
}

/** Forms of our own pages want to see the request again; everybody else gets it as JSON. */
function seeOther(call: Call, id: string): Response | undefined {
  if (!prefers(call.request, 'text/html')) return undefined;
  return new Response(null, { status: 303, headers: { Location: urlOf(call, id) } });
}

/** `key=value`, cut at the first sign. */
function labelOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

export const requestRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/requests',
    operationId: 'createRequest',
    tag: 'Requests',
    summary: 'Order imagery',
    description:
      'Checks the request, then accepts it: nothing is stored when it is wrong. Send an Idempotency-Key, so that a repeat after a lost answer gives the same request back instead of a second one. The same key with another body is a conflict.',
    auth: 'requester',
    headers: {
      'Idempotency-Key': `1 to ${IDEMPOTENCY_KEY_LIMIT} letters, digits, "_" or "-". Without one, a repeat is a new request.`,
    },
    document: requestSpec,
    example: exampleRequest,
    answer: {
      status: 201,
      description: 'Accepted.',
      schema: requestView,
      headers: {
        Location: 'URL of the request.',
        'Swath-Idempotent': '`false` when no Idempotency-Key was given.',
      },
    },
    otherAnswers: {
      '200': { description: 'This Idempotency-Key was seen before: the earlier request.' },
    },
    problems: [404, 409, 413, 415, 422],
    async handle({ document }, call) {
      const key = idempotencyKey(call.request);
      const { request, created } = await call.deps.requests.create({
        project: call.identity.project,
        ...(call.identity.user === undefined ? {} : { user: call.identity.user }),
        body: document,
        ...(key === undefined ? {} : { idempotencyKey: key }),
      });
      return {
        status: created ? 201 : 200,
        headers: {
          Location: urlOf(call, request.id),
          'Swath-Idempotent': key === undefined ? 'false' : 'true',
        },
        value: request,
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/requests/plan',
    operationId: 'planRequest',
    tag: 'Requests',
    summary: 'Plan without ordering',
    description:
      'Which scenes, which grid, which chunks, how many bytes: what a request would do, without doing it.',
    auth: 'viewer',
    document: requestSpec,
    example: exampleRequest,
    answer: { status: 200, description: 'The plan.', schema: planView },
    problems: [404, 413, 415, 422, 502],
    async handle({ document }, { deps, identity, request }) {
      return { value: await deps.requests.plan(identity.project, document, request.signal) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/requests',
    operationId: 'listRequests',
    tag: 'Requests',
    summary: 'List requests',
    description:
      'Newest first. Follow the `next` link (in the body and in the Link header) for more: with a filter a page may hold fewer than `limit`, even none, and yet not be the last.',
    auth: 'viewer',
    query: z.strictObject({
      state: requestState.optional().describe('Only requests in this state.'),
      name: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('Only requests whose name holds this, in any case.'),
      label: z
        .array(z.string().regex(/^[^=]{1,63}=.{0,200}$/s, 'a label is key=value'))
        .max(LABELS_LIMIT)
        .optional()
        .describe('`key=value`: only requests with this label; several times: with all of them.'),
      created: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe('Only requests made then: a day, an RFC 3339 instant, or an interval; ".." is open.'),
      limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).default(PAGE_DEFAULT),
      cursor: z.string().min(1).max(1024).optional().describe('From a `next` link.'),
    }),
    repeated: ['label'],
    answer: {
      status: 200,
      description: 'One page of requests.',
      schema: requestList,
      headers: { Link: 'rel="next", absent on the last page.' },
    },
    async handle({ query }, { deps, identity, baseUrl }) {
      const { state, name, label, created, limit, cursor } = query;
      const page = await deps.requests.list(identity.project, {
        limit,
        ...(state === undefined ? {} : { state }),
        ...(name === undefined ? {} : { name }),
        ...(label === undefined ? {} : { labels: label.map(labelOf) }),
        ...(created === undefined ? {} : { created: parseDatetime(created, '/created') }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const next = nextPage(`${baseUrl}/requests`, { state, name, label, created, limit }, page.cursor);
      return {
        headers: linkHeader(next),
        value: { requests: page.requests, links: next === undefined ? [] : [{ rel: 'next', href: next }] },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/requests/{id}',
    operationId: 'getRequest',
    tag: 'Requests',
    summary: 'Look at a request',
    description: 'State, progress, failure and results. A browser gets a page that follows it.',
    auth: 'viewer',
    params: idParams,
    answer: { status: 200, description: 'The request.', schema: requestView },
    otherAnswers: { '200': { description: 'The same for people.', contentType: 'text/html' } },
    problems: [404],
    async handle({ params }, { deps, identity, baseUrl, wantsHtml }) {
      const request = await deps.requests.get(identity.project, params.id);
      if (!wantsHtml) return { value: request, headers: { Vary: 'Accept' } };
      const events = await deps.requests.events(identity.project, params.id);
      const [{ requestPage }, { legend }] = await Promise.all([
        import('../html/request-page.ts'),
        import('../html/legend.ts'),
      ]);
      return requestPage({ baseUrl, request, events, legend: legend(request) });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/requests/{id}/cancel',
    operationId: 'cancelRequest',
    tag: 'Requests',
    summary: 'Cancel',
    description: 'Work in flight is asked to stop; the request is `cancelling`, then `cancelled`.',
    auth: 'requester',
    params: idParams,
    answer: { status: 200, description: 'The request as it is now.', schema: requestView },
    otherAnswers: { '303': { description: 'Back to its page, for forms.' } },
    problems: [404, 409],
    async handle({ params }, call) {
      const value = await call.deps.requests.cancel(call.identity.project, params.id);
      return seeOther(call, value.id) ?? { value };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/requests/{id}/retry',
    operationId: 'retryRequest',
    tag: 'Requests',
    summary: 'Try again',
    description:
      'A new attempt of a request that failed, in part or in whole; chunks that are done are kept.',
    auth: 'requester',
    params: idParams,
    answer: { status: 200, description: 'The request as it is now.', schema: requestView },
    otherAnswers: { '303': { description: 'Back to its page, for forms.' } },
    problems: [404, 409],
    async handle({ params }, call) {
      const value = await call.deps.requests.retry(call.identity.project, params.id);
      return seeOther(call, value.id) ?? { value };
    },
  }),
];

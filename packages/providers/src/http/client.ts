import { setTimeout as delay } from 'node:timers/promises';
import { isSwathError, SwathError } from '@swath/core';
import {
  type Fetch,
  type FetchAnswer,
  guardedFetch,
  type RetryAfterUnit,
  retryAfterMs as readRetryAfter,
  type UrlPolicy,
} from '@swath/http';
import * as limits from '../limits.ts';
import { parseJson, readText } from './body.ts';
import { sameOrigin, shownUrl } from './origin.ts';

/** The outside world of the client; tests pass their own. */
export interface HttpDeps {
  /** Never follows a redirect, honours `signal`. @default the guarded fetch of @swath/http under `policy` */
  readonly fetch?: Fetch;
  /** What may be reached. @default https to public hosts on port 443 */
  readonly policy?: UrlPolicy;
  /** What a number in Retry-After counts. @default 'seconds' */
  readonly retryAfterUnit?: RetryAfterUnit;
  /** Waits; rejects when the signal aborts. @default timers of Node */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Unix milliseconds. @default Date.now */
  readonly now?: () => number;
  /** [0, 1). @default Math.random */
  readonly random?: () => number;
  /** @default requestTimeoutMs */
  readonly timeoutMs?: number;
  /** @default maxResponseBytes */
  readonly maxBytes?: number;
}

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** JSON body of a POST. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface JsonAnswer {
  readonly json: unknown;
  /** Address that answered, after redirects: base of relative links. */
  readonly url: URL;
}

export type JsonClient = (request: JsonRequest) => Promise<JsonAnswer>;

/**
 * JSON over HTTP with retries. Repeated: 429, 5xx, connection trouble and time-outs (up to maxRetries with full
 * jitter or the time the server asks for), and once an answer that is no JSON. Waits that are too long for this
 * process are thrown as Throttled with `retryAfterMs`.
 *
 * @throws Throttled, Unavailable, Corrupt, LimitExceeded, NotFound (404, 410), InvalidInput (other 4xx), Cancelled.
 *   No message holds a query string, header or more than maxErrorText of the answer.
 */
export function jsonClient(deps: HttpDeps = {}): JsonClient {
  const world = {
    fetch: deps.fetch ?? guardedFetch(deps.policy ?? {}),
    retryAfterUnit: deps.retryAfterUnit ?? 'seconds',
    sleep: deps.sleep ?? sleep,
    now: deps.now ?? Date.now,
    random: deps.random ?? Math.random,
    timeoutMs: deps.timeoutMs ?? limits.requestTimeoutMs,
    maxBytes: deps.maxBytes ?? limits.maxResponseBytes,
  };
  return async (request) => {
    let waitedMs = 0;
    let corrupt = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        return await tryOnce(request, world);
      } catch (error) {
        if (!isSwathError(error)) throw error;
        corrupt += error.code === 'Corrupt' ? 1 : 0;
        const repeatable = ['Throttled', 'Unavailable'].includes(error.code) || corrupt === 1;
        if (!repeatable || attempt >= limits.maxRetries) throw error;
        const waitMs = error.retryAfterMs ?? world.random() * limits.backoffBaseMs * 2 ** attempt;
        waitedMs += waitMs;
        if (waitMs > limits.maxInlineWaitMs || waitedMs > limits.maxTotalWaitMs) throw error;
        await cancellable(world.sleep(waitMs, request.signal));
      }
    }
  };
}

type World = Required<Omit<HttpDeps, 'policy'>>;

async function tryOnce(request: JsonRequest, world: World): Promise<JsonAnswer> {
  const timeout = AbortSignal.timeout(world.timeoutMs);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  const from = shownUrl(request.url);
  try {
    const { response, url } = await follow(request, world, signal);
    const text = await readText(response, world.maxBytes, from);
    if (!response.ok) throw statusError(response, text, from, world);
    return { json: parseJson(text, from), url };
  } catch (error) {
    if (isSwathError(error)) throw error;
    if (request.signal?.aborted === true) {
      throw new SwathError('Cancelled', 'The request was cancelled.', { cause: error });
    }
    const why = timeout.aborted ? `did not answer within ${world.timeoutMs} ms` : `cannot be reached`;
    throw new SwathError('Unavailable', `${from} ${why}.`, { cause: error });
  }
}

/** A POST is never sent on: the body was meant for the address it was sent to. */
async function follow(request: JsonRequest, world: World, signal: AbortSignal) {
  let url = request.url;
  for (let hop = 0; hop <= limits.maxRedirects; hop++) {
    const response = await world.fetch(url, {
      method: request.method,
      signal,
      headers: {
        accept: 'application/geo+json, application/json',
        ...(request.method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...request.headers,
      },
      ...(request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}),
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return { response, url };
    await response.body?.cancel();
    const next = sameOrigin(location, url, 'a redirect');
    if (request.method === 'POST') {
      throw new SwathError('Corrupt', `${shownUrl(url)} redirects a POST to ${shownUrl(next)}.`, {
        fix: 'Configure the provider with the address the redirect names.',
      });
    }
    url = next;
  }
  throw new SwathError(
    'Corrupt',
    `${shownUrl(request.url)} redirects more than ${limits.maxRedirects} times.`,
  );
}

function statusError(
  response: FetchAnswer,
  text: string,
  from: string,
  { now, retryAfterUnit }: World,
): SwathError {
  const { status } = response;
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), now(), retryAfterUnit);
  const detail = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) return new SwathError('Throttled', `${from} asks for fewer requests (429).`, detail);
  if (status >= 500 || status === 408 || status === 425) {
    return new SwathError('Unavailable', `${from} answered ${status}.`, detail);
  }
  const message = `${from} answered ${status}${serverText(text)}.`;
  if (status === 404 || status === 410) return new SwathError('NotFound', message);
  if (status === 401 || status === 403) {
    return new SwathError('InvalidInput', message, {
      fix: 'Check the credentials configured for this provider.',
    });
  }
  return new SwathError('InvalidInput', message, { fix: 'Correct what the provider names.' });
}

/** What the provider says is wrong: `description` (Earth Search, Planetary Computer), `detail`, `message` or `title`. */
function serverText(text: string): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // An error page is no help to anyone: the status alone is told.
    return '';
  }
  if (typeof json !== 'object' || json === null) return '';
  const fields: Readonly<Record<string, unknown>> = { ...json };
  const said = [fields['description'], fields['detail'], fields['message'], fields['title']].find(
    (value) => typeof value === 'string' && value !== '',
  );
  if (typeof said !== 'string') return '';
  return `: ${said
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, limits.maxErrorText)
    .replace(/\.$/, '')}`;
}

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal });
}

async function cancellable(waiting: Promise<void>): Promise<void> {
  try {
    await waiting;
  } catch (cause) {
    throw new SwathError('Cancelled', 'The request was cancelled.', { cause });
  }
}

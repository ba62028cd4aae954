import { SWATH_VERSION, SwathError } from '@swath/core';
import { Agent, request } from 'undici';
import type { ByteSource } from '../image.ts';
import { HTTP_WAIT_BUDGET_MS, MAX_READ_BYTES, MAX_REDIRECTS, WHOLE_BODY_CAP_BYTES } from '../limits.ts';
import { type Answer, readBody } from './http-body.ts';
import { backoffMs, defaultTuning, type HttpTuning, retryAfterMs } from './retry.ts';
import { checkUrl, publicName, type UrlPolicy } from './url-policy.ts';

/** The connections of one opener: every source it makes shares them. */
export interface HttpTransport {
  source(href: string): ByteSource;
  close(): Promise<void>;
}

/** What one attempt came to. `retry` holds the error to throw when no attempt is left. */
type Outcome =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'retry'; readonly error: SwathError; readonly afterMs?: number };

interface Known {
  sizeBytes: number | undefined;
  etag: string | undefined;
  /** The body, when the server does not do ranges and it was small. */
  whole: Uint8Array | undefined;
}

const redirects = new Set([301, 302, 303, 307, 308]);

/** Range reads over http(s). Errors name scheme, host and path, never the query. */
export function httpTransport(policy: UrlPolicy, tuning: Partial<HttpTuning> = {}): HttpTransport {
  const tune: HttpTuning = { ...defaultTuning, ...tuning };
  const agent = new Agent({ connect: { timeout: tune.connectTimeoutMs } });
  return {
    source: (href) => httpSource(href, policy, tune, agent),
    close: () => agent.close(),
  };
}

function httpSource(href: string, policy: UrlPolicy, tune: HttpTuning, agent: Agent): ByteSource {
  checkUrl(href, policy);
  const name = publicName(href);
  const known: Known = { sizeBytes: undefined, etag: undefined, whole: undefined };

  /** GET with redirects followed by hand, each hop checked. */
  async function send(range: string, signal: AbortSignal | undefined): Promise<Answer> {
    let url = checkUrl(href, policy);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: agent,
        method: 'GET',
        headers: {
          range,
          'accept-encoding': 'identity',
          'user-agent': `swath/${SWATH_VERSION}`,
          // Weak tags cannot be sent in If-Match (RFC 9110, 13.1.1); they are compared in the answer.
          ...(known.etag?.startsWith('"') ? { 'if-match': known.etag } : {}),
        },
        headersTimeout: tune.idleTimeoutMs,
        bodyTimeout: tune.idleTimeoutMs,
        signal: signal ?? null,
      });
      body.on('error', () => {}); // A destroyed body reports its own end; the reader has the reason already.
      const header = (key: string): string | undefined => {
        const value = headers[key];
        return Array.isArray(value) ? value[0] : value;
      };
      if (!redirects.has(statusCode)) return { status: statusCode, header, body };
      body.destroy();
      const location = header('location');
      if (location === undefined || !URL.canParse(location, url.href)) {
        throw new SwathError('Corrupt', `${name} redirects (HTTP ${statusCode}) to no address`);
      }
      const next = checkUrl(new URL(location, url).href, policy);
      if (url.protocol === 'https:' && next.protocol === 'http:') {
        throw new SwathError('InvalidInput', `${name} redirects from https to http, which is refused`);
      }
      url = next;
    }
    throw new SwathError('Unavailable', `${name} redirects more than ${MAX_REDIRECTS} times`);
  }

  /** @throws SwathError Corrupt when the answer belongs to another version of the object. */
  function sameObject(answer: Answer, sizeBytes: number | undefined): void {
    const etag = answer.header('etag') ?? answer.header('last-modified');
    if (known.etag !== undefined && etag !== undefined && etag !== known.etag) {
      throw new SwathError('Corrupt', `${name} changed while it was read (its ETag is another)`);
    }
    if (known.sizeBytes !== undefined && sizeBytes !== undefined && sizeBytes !== known.sizeBytes) {
      throw new SwathError(
        'Corrupt',
        `${name} changed while it was read: ${known.sizeBytes} bytes before, ${sizeBytes} now`,
      );
    }
    known.etag ??= etag;
    known.sizeBytes ??= sizeBytes;
  }

  async function attempt(offset: number, length: number, signal: AbortSignal | undefined): Promise<Outcome> {
    const last = offset + length - 1;
    const answer = await send(`bytes=${offset}-${last}`, signal);
    const encoding = answer.header('content-encoding');
    if (answer.status < 300 && encoding !== undefined && encoding !== 'identity') {
      answer.body.destroy();
      throw new SwathError('Unsupported', `${name} is sent with content-encoding ${encoding}`);
    }
    if (answer.status === 206) return await partial(answer, offset, last);
    if (answer.status === 200) return await whole(answer, offset, length);
    answer.body.destroy();
    if (answer.status === 416) return pastTheEnd(answer, offset);
    return refusal(answer);
  }

  async function partial(answer: Answer, offset: number, last: number): Promise<Outcome> {
    const text = answer.header('content-range') ?? '';
    const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(text);
    const total = match?.[3] === '*' ? known.sizeBytes : Number(match?.[3] ?? Number.NaN);
    const first = Number(match?.[1]);
    const end = Number(match?.[2]);
    if (match === null || !(first === offset && end === Math.min(last, (total ?? last + 1) - 1))) {
      answer.body.destroy();
      throw new SwathError(
        'Corrupt',
        `${name} was asked for bytes ${offset}-${last} and answered Content-Range "${text.slice(0, 80)}"`,
      );
    }
    sameObject(answer, total);
    return await counted(answer, end - first + 1);
  }

  async function counted(answer: Answer, expected: number): Promise<Outcome> {
    const read = await readBody(answer.body, expected, tune);
    if (read.end === 'complete' && read.bytes.length === expected)
      return { kind: 'bytes', bytes: read.bytes };
    if (read.end === 'longer') {
      throw new SwathError('Corrupt', `${name} sent more than the ${expected} bytes it announced`);
    }
    if (read.end === 'slow') {
      return {
        kind: 'retry',
        error: new SwathError(
          'Unavailable',
          `${name} sends too slowly: ${read.bytes.length} of ${expected} bytes came`,
        ),
      };
    }
    return {
      kind: 'retry',
      error: new SwathError(
        'Corrupt',
        `${name} was cut short: ${read.bytes.length} of ${expected} bytes came`,
      ),
    };
  }

  /** The server ignores Range: the body is taken when small and complete. */
  async function whole(answer: Answer, offset: number, length: number): Promise<Outcome> {
    const announced = Number(answer.header('content-length') ?? Number.NaN);
    const tooLarge = (): never => {
      answer.body.destroy();
      throw new SwathError(
        'Unsupported',
        `${name} ignores range requests and ${Number.isNaN(announced) ? 'is' : `has ${announced} bytes,`} larger than the ${WHOLE_BODY_CAP_BYTES} bytes read whole`,
        { fix: 'Use a server that answers range requests.' },
      );
    };
    if (announced > WHOLE_BODY_CAP_BYTES) tooLarge();
    sameObject(answer, Number.isNaN(announced) ? undefined : announced);
    if (Number.isNaN(announced)) {
      const read = await readBody(answer.body, WHOLE_BODY_CAP_BYTES, tune);
      if (read.end === 'longer') tooLarge();
      if (read.end !== 'complete') {
        return {
          kind: 'retry',
          error: new SwathError('Corrupt', `${name} was cut short after ${read.bytes.length} bytes`),
        };
      }
      known.whole = read.bytes;
    } else {
      const outcome = await counted(answer, announced);
      if (outcome.kind === 'retry') return outcome;
      known.whole = outcome.bytes;
    }
    known.sizeBytes = known.whole.length;
    return { kind: 'bytes', bytes: known.whole.subarray(offset, offset + length) };
  }

  function pastTheEnd(answer: Answer, offset: number): Outcome {
    const total = Number(/^bytes \*\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1] ?? Number.NaN);
    if (!(total <= offset)) {
      throw new SwathError('Corrupt', `${name} refuses the range at byte ${offset} (HTTP 416)`);
    }
    sameObject(answer, total);
    return { kind: 'bytes', bytes: new Uint8Array(0) };
  }

  function refusal(answer: Answer): Outcome {
    const { status } = answer;
    const afterMs = retryAfterMs(answer.header('retry-after'), tune.now());
    const detail = afterMs === undefined ? {} : { retryAfterMs: afterMs };
    if (status === 429) {
      const error = new SwathError('Throttled', `${name} asks to wait (HTTP 429)`, detail);
      return { kind: 'retry', error, ...(afterMs === undefined ? {} : { afterMs }) };
    }
    if (status >= 500 || status === 408 || status === 425) {
      const error = new SwathError('Unavailable', `${name} answered HTTP ${status}`, detail);
      return { kind: 'retry', error, ...(afterMs === undefined ? {} : { afterMs }) };
    }
    if (status === 412) throw new SwathError('Corrupt', `${name} changed while it was read (HTTP 412)`);
    if (status === 401 || status === 403) {
      throw new SwathError('NotFound', `${name} is not readable with the rights we have (HTTP ${status})`);
    }
    throw new SwathError('NotFound', `${name} answered HTTP ${status}`);
  }

  async function readRange(
    offset: number,
    length: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    let waitedMs = 0;
    for (let number = 0; ; number++) {
      const outcome = await attempt(offset, length, signal).catch((cause: unknown): Outcome => {
        if (cause instanceof SwathError) throw cause;
        if (signal?.aborted) throw new SwathError('Cancelled', `Reading ${name} was cancelled.`, { cause });
        return {
          kind: 'retry',
          error: new SwathError('Unavailable', `${name} cannot be reached`, { cause }),
        };
      });
      if (outcome.kind === 'bytes') return outcome.bytes;
      const waitMs = outcome.afterMs ?? backoffMs(number, tune.random);
      if (number + 1 >= tune.attempts || waitedMs + waitMs > HTTP_WAIT_BUDGET_MS) throw outcome.error;
      waitedMs += waitMs;
      await tune.sleep(waitMs, signal).catch((cause: unknown) => {
        throw new SwathError('Cancelled', `Reading ${name} was cancelled.`, { cause });
      });
    }
  }

  return {
    name,
    async read(offset, length, signal) {
      if (length > MAX_READ_BYTES) {
        throw new SwathError('LimitExceeded', `a read of ${length} bytes exceeds ${MAX_READ_BYTES}`);
      }
      const end = Math.min(offset + length, known.sizeBytes ?? Number.MAX_SAFE_INTEGER);
      if (known.whole !== undefined) return known.whole.subarray(offset, end);
      return end <= offset ? new Uint8Array(0) : await readRange(offset, end - offset, signal);
    },
    async size(signal) {
      if (known.sizeBytes === undefined) await readRange(0, 1, signal);
      if (known.sizeBytes === undefined) {
        throw new SwathError('Unsupported', `${name} does not say its size (Content-Range .../*)`);
      }
      return known.sizeBytes;
    },
    async close() {},
  };
}

import { SwathError } from '@swath/core';
import { type Answer, readBody } from './body.ts';
import { type Exchange, get } from './exchange.ts';
import { type Identity, newIdentity } from './identity.ts';
import { HTTP_WAIT_BUDGET_MS, MAX_READ_BYTES, WHOLE_BODY_CAP_BYTES } from './limits.ts';
import { backoffMs, type HttpTuning, retryAfterMs } from './retry.ts';
import { type Address, renewableAddress } from './signed-address.ts';
import { checkUrl, publicName } from './url-policy.ts';

/** Bytes at an address that are read by range. */
export interface RangeSource {
  /** URL without query and credentials. */
  readonly name: string;
  /** A read takes a round trip. */
  readonly remote: true;
  /**
   * Bytes [offset, offset + length), cut at the end of the source and nowhere else.
   * @throws SwathError NotFound, Unavailable, Throttled, Corrupt (the source changed, or lied about its length), Cancelled.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Total size in bytes, from the first answer; asked for when there was none. */
  size(signal?: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

export interface RangeSourceOptions {
  /**
   * Signs the address again. Asked once per expiry (HTTP 401 or 403), however many reads it stops; a refusal of the new
   * address is final. Gets the address last used, gives the next one, which is checked like the first. Neither is logged.
   * @default absent: 401 and 403 are final
   */
  readonly refresh?: (href: string) => Promise<string>;
  /** Credentials, such as `authorization`. Sent to the origin of the address and to no other. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one attempt came to. `retry` holds the error to throw when no attempt is left. */
type Outcome =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'expired'; readonly error: SwathError }
  | { readonly kind: 'retry'; readonly error: SwathError; readonly afterMs?: number };

interface Wanted {
  readonly offset: number;
  readonly length: number;
  /** Of `tune.elapsed`. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A source over one address. The address must have been checked. */
export function rangeSource(
  href: string,
  exchange: Exchange,
  tune: HttpTuning,
  options: RangeSourceOptions,
): RangeSource {
  const name = publicName(href);
  const address = renewableAddress(href, name, options.refresh, (next) => checkUrl(next, exchange.policy));
  const object = newIdentity(name);
  /** The body, when the server does not do ranges and it was small. */
  let whole: Uint8Array | undefined;

  async function attempt(at: Address, wanted: Wanted): Promise<Outcome> {
    const { offset, length, signal } = wanted;
    const answer = await get(exchange, {
      href: at.href,
      headers: { range: `bytes=${offset}-${offset + length - 1}`, ...object.condition() },
      ...(options.headers === undefined ? {} : { secretHeaders: options.headers }),
      signal,
    });
    try {
      if (answer.status === 206 || answer.status === 200) refuseOtherContent(answer, name);
      switch (answer.status) {
        case 206:
          return await partial(answer, wanted);
        case 200:
          return await entire(answer, wanted);
        case 416:
          return pastTheEnd(answer, offset, object, name);
        default:
          return refusal(answer, name, tune);
      }
    } finally {
      answer.body.destroy();
    }
  }

  async function partial(answer: Answer, wanted: Wanted): Promise<Outcome> {
    const last = wanted.offset + wanted.length - 1;
    const text = answer.header('content-range') ?? '';
    const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/.exec(text);
    const total = match?.[3] === '*' ? object.sizeBytes() : Number(match?.[3] ?? Number.NaN);
    const end = Math.min(last, (total ?? last + 1) - 1);
    if (match === null || Number(match[1]) !== wanted.offset || Number(match[2]) !== end) {
      throw new SwathError(
        'Corrupt',
        `${name} was asked for bytes ${wanted.offset}-${last} and answered Content-Range "${text.slice(0, 80)}"`,
      );
    }
    object.check(answer, total);
    return await counted(answer, end - wanted.offset + 1, wanted);
  }

  async function counted(answer: Answer, expected: number, { deadlineMs }: Wanted): Promise<Outcome> {
    const { bytes, end } = await readBody(answer.body, expected, tune, deadlineMs);
    if (end === 'complete' && bytes.length === expected) return { kind: 'bytes', bytes };
    if (end === 'longer') {
      throw new SwathError('Corrupt', `${name} sent more than the ${expected} bytes it announced`);
    }
    const error =
      end === 'slow'
        ? new SwathError('Unavailable', `${name} sends too slowly: ${bytes.length} of ${expected} bytes came`)
        : new SwathError('Corrupt', `${name} was cut short: ${bytes.length} of ${expected} bytes came`);
    return { kind: 'retry', error };
  }

  /** The server ignores Range: the body is taken when it is small and its end can be told from a cut. */
  async function entire(answer: Answer, wanted: Wanted): Promise<Outcome> {
    const announced = Number(answer.header('content-length') ?? Number.NaN);
    if (announced > WHOLE_BODY_CAP_BYTES) throw tooLarge(name, announced);
    const isChunked = /\bchunked\b/i.test(answer.header('transfer-encoding') ?? '');
    if (Number.isNaN(announced) && !isChunked) {
      throw new SwathError(
        'Unsupported',
        `${name} is sent without its length, so that a cut would pass for its end`,
      );
    }
    object.check(answer, Number.isNaN(announced) ? undefined : announced);
    if (isChunked) {
      const { bytes, end } = await readBody(answer.body, WHOLE_BODY_CAP_BYTES, tune, wanted.deadlineMs);
      if (end === 'longer') throw tooLarge(name, undefined);
      if (end !== 'complete') {
        const error = new SwathError('Corrupt', `${name} was cut short after ${bytes.length} bytes`);
        return { kind: 'retry', error };
      }
      object.check(answer, bytes.length);
      whole = bytes;
    } else {
      const outcome = await counted(answer, announced, wanted);
      if (outcome.kind !== 'bytes') return outcome;
      whole = outcome.bytes;
    }
    return { kind: 'bytes', bytes: whole.subarray(wanted.offset, wanted.offset + wanted.length) };
  }

  async function readRange(
    offset: number,
    length: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const deadlineMs = tune.elapsed() + tune.totalTimeoutMs;
    const wanted: Wanted = { offset, length, deadlineMs, signal };
    let waitedMs = 0;
    for (let number = 0; ; number++) {
      const at = await address.current();
      const outcome = await attempt(at, wanted).catch((cause: unknown): Outcome => {
        if (cause instanceof SwathError) throw cause;
        if (signal?.aborted) throw new SwathError('Cancelled', `Reading ${name} was cancelled.`, { cause });
        return unreachable(name, cause);
      });
      if (outcome.kind === 'bytes') {
        address.worked(at);
        return outcome.bytes;
      }
      if (outcome.kind === 'expired') {
        if (!address.renew(at)) throw outcome.error;
        number--; // An expiry is nobody's failure; `renew` is what bounds these.
        continue;
      }
      const waitMs = outcome.afterMs ?? backoffMs(number, tune.random);
      const isOver = tune.elapsed() + waitMs > deadlineMs || waitedMs + waitMs > HTTP_WAIT_BUDGET_MS;
      if (number + 1 >= tune.attempts || isOver) throw outcome.error;
      waitedMs += waitMs;
      await tune.sleep(waitMs, signal).catch((cause: unknown) => {
        throw new SwathError('Cancelled', `Reading ${name} was cancelled.`, { cause });
      });
    }
  }

  return {
    name,
    remote: true,
    async read(offset, length, signal) {
      if (length > MAX_READ_BYTES) {
        throw new SwathError('LimitExceeded', `a read of ${length} bytes exceeds ${MAX_READ_BYTES}`);
      }
      const end = Math.min(offset + length, object.sizeBytes() ?? Number.MAX_SAFE_INTEGER);
      if (whole !== undefined) return whole.subarray(offset, end);
      return end <= offset ? new Uint8Array(0) : await readRange(offset, end - offset, signal);
    },
    async size(signal) {
      if (object.sizeBytes() === undefined) await readRange(0, 1, signal);
      const sizeBytes = object.sizeBytes();
      if (sizeBytes !== undefined) return sizeBytes;
      throw new SwathError('Unsupported', `${name} does not say its size (Content-Range .../*)`);
    },
    async close() {},
  };
}

/** A coding would make ranges ranges of something else; a page for people is what proxies and logins answer with status 200. */
function refuseOtherContent(answer: Answer, name: string): void {
  const encoding = answer.header('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') {
    throw new SwathError('Unsupported', `${name} is sent with content-encoding ${encoding.slice(0, 40)}`);
  }
  if (/^\s*(text\/html|application\/xhtml\+xml)\b/i.test(answer.header('content-type') ?? '')) {
    throw new SwathError('Corrupt', `${name} answered with an HTML page`);
  }
}

function tooLarge(name: string, announced: number | undefined): SwathError {
  return new SwathError(
    'Unsupported',
    `${name} ignores range requests and ${announced === undefined ? 'is' : `has ${announced} bytes,`} larger than the ${WHOLE_BODY_CAP_BYTES} bytes read whole`,
    { fix: 'Use a server that answers range requests.' },
  );
}

function pastTheEnd(answer: Answer, offset: number, object: Identity, name: string): Outcome {
  const total = Number(
    /^bytes \*\/(\d{1,16})$/.exec(answer.header('content-range') ?? '')?.[1] ?? Number.NaN,
  );
  if (!(total <= offset)) {
    throw new SwathError('Corrupt', `${name} refuses the range at byte ${offset} (HTTP 416)`);
  }
  object.check(answer, total);
  return { kind: 'bytes', bytes: new Uint8Array(0) };
}

function unreachable(name: string, cause: unknown): Outcome {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'HPE_HEADER_OVERFLOW') {
    throw new SwathError('Corrupt', `${name} answered with more header bytes than are read`, { cause });
  }
  return { kind: 'retry', error: new SwathError('Unavailable', `${name} cannot be reached`, { cause }) };
}

function refusal(answer: Answer, name: string, tune: HttpTuning): Outcome {
  const { status } = answer;
  const afterMs = retryAfterMs(answer.header('retry-after'), tune.now(), tune.retryAfterUnit);
  const wait = afterMs === undefined ? {} : { afterMs };
  const detail = afterMs === undefined ? {} : { retryAfterMs: afterMs };
  if (status === 429) {
    return {
      kind: 'retry',
      error: new SwathError('Throttled', `${name} asks to wait (HTTP 429)`, detail),
      ...wait,
    };
  }
  if (status >= 500 || status === 408 || status === 425) {
    return {
      kind: 'retry',
      error: new SwathError('Unavailable', `${name} answered HTTP ${status}`, detail),
      ...wait,
    };
  }
  if (status === 412) throw new SwathError('Corrupt', `${name} changed while it was read (HTTP 412)`);
  if (status === 401 || status === 403) {
    const why = `${name} is not readable with the rights we have (HTTP ${status})`;
    return { kind: 'expired', error: new SwathError('NotFound', why) };
  }
  throw new SwathError('NotFound', `${name} answered HTTP ${status}`);
}

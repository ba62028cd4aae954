import type { Readable } from 'node:stream';
import { BODY_AT_ONCE_BYTES } from './limits.ts';
import type { HttpTuning } from './retry.ts';

/** `code` of the error that ends a request or a body on whose connection nothing moved for too long. */
export const IDLE_TIMEOUT = 'SWATH_IDLE_TIMEOUT';

/** Status, headers (repeated ones joined by commas) and unread body of one response. */
export interface Answer {
  readonly status: number;
  readonly header: (key: string) => string | undefined;
  readonly body: Readable;
}

export interface Body {
  readonly bytes: Uint8Array;
  /** `cut`: the connection ended early. `slow`: idle, or below the minimum rate. `longer`: more than the cap. */
  readonly end: 'complete' | 'cut' | 'slow' | 'longer';
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === IDLE_TIMEOUT;

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/**
 * Reads at most `capBytes`, until `deadlineMs` of `tune.elapsed`; the stream is destroyed whatever happens.
 * @throws AbortError when the caller's signal fired.
 */
export function readBody(
  body: Readable,
  capBytes: number,
  tune: HttpTuning,
  deadlineMs: number,
): Promise<Body> {
  const held = capBytes <= BODY_AT_ONCE_BYTES ? inOnePiece(capBytes) : inPieces();
  const startMs = tune.elapsed();
  let total = 0;
  const { promise, resolve, reject } = Promise.withResolvers<Body>();
  let isDone = false;
  const done = (end: Body['end']): void => {
    if (isDone) return;
    isDone = true;
    body.destroy();
    resolve({ bytes: held.bytes(), end });
  };
  /** Whether to go on after `total` bytes, more of which are to come. */
  const isSlow = (): boolean => {
    const now = tune.elapsed();
    const elapsedMs = now - startMs;
    return (
      now > deadlineMs ||
      (elapsedMs > tune.idleTimeoutMs && total * 1000 < tune.minBytesPerSecond * elapsedMs)
    );
  };
  body.on('error', (error) => {
    if (!isAbort(error)) return done(isTimeout(error) ? 'slow' : 'cut');
    isDone = true;
    reject(error);
  });
  body.on('end', () => done('complete'));
  // A body that was destroyed before anyone read it has neither.
  body.on('close', () => done('cut'));
  // Not `for await`, which joins the chunks that wait before it hands them out.
  body.on('data', (chunk: unknown) => {
    if (isDone) return;
    if (!(chunk instanceof Uint8Array)) return done('cut');
    total += chunk.length;
    if (total > capBytes) return done('longer');
    held.add(chunk);
    if (total < capBytes && isSlow()) done('slow');
  });
  if (body.destroyed) done('cut');
  return promise;
}

/** Bytes that come one after the other, and all of them in an array of their own. */
interface Collected {
  add(chunk: Uint8Array): void;
  bytes(): Uint8Array;
}

/** Chunks are put where they belong as they come. Memory that nothing was written to costs nothing. */
function inOnePiece(capBytes: number): Collected {
  const { buffer } = Buffer.allocUnsafeSlow(capBytes);
  const out = new Uint8Array(buffer);
  let at = 0;
  return {
    add(chunk) {
      out.set(chunk, at);
      at += chunk.length;
    },
    // What was not written is nobody's business.
    bytes: () => (at === capBytes ? out : out.slice(0, at)),
  };
}

function inPieces(): Collected {
  const chunks: Uint8Array[] = [];
  return {
    add: (chunk) => void chunks.push(chunk),
    bytes() {
      const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
      let at = 0;
      for (const chunk of chunks) {
        out.set(chunk, at);
        at += chunk.length;
      }
      return out;
    },
  };
}

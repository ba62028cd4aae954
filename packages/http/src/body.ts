import type { Readable } from 'node:stream';
import type { HttpTuning } from './retry.ts';

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
  error instanceof Error && 'code' in error && error.code === 'UND_ERR_BODY_TIMEOUT';

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/**
 * Reads at most `capBytes`, until `deadlineMs` of `tune.elapsed`; the stream is destroyed whatever happens.
 * @throws AbortError when the caller's signal fired.
 */
export async function readBody(
  body: Readable,
  capBytes: number,
  tune: HttpTuning,
  deadlineMs: number,
): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const startMs = tune.elapsed();
  const done = (end: Body['end']): Body => {
    body.destroy();
    return { bytes: concat(chunks), end };
  };
  try {
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) return done('cut');
      total += chunk.length;
      if (total > capBytes) return done('longer');
      chunks.push(chunk);
      const now = tune.elapsed();
      if (total < capBytes && now > deadlineMs) return done('slow');
      const elapsedMs = now - startMs;
      if (
        total < capBytes &&
        elapsedMs > tune.idleTimeoutMs &&
        total * 1000 < tune.minBytesPerSecond * elapsedMs
      ) {
        return done('slow');
      }
    }
  } catch (error) {
    if (isAbort(error)) throw error;
    return done(isTimeout(error) ? 'slow' : 'cut');
  }
  return done('complete');
}

/** Into one array of its own; Buffer.concat would hand out a slice of a shared pool. */
function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

import type { Readable } from 'node:stream';
import type { HttpTuning } from './retry.ts';

/** Status, headers (first value each) and unread body of one response. */
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

/** Reads at most `capBytes`; the stream is destroyed whatever happens. @throws AbortError when the caller's signal fired. */
export async function readBody(body: Readable, capBytes: number, tune: HttpTuning): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const startMs = tune.now();
  const done = (end: Body['end']): Body => {
    body.destroy();
    return { bytes: Buffer.concat(chunks), end };
  };
  try {
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) return done('cut');
      total += chunk.length;
      if (total > capBytes) return done('longer');
      chunks.push(chunk);
      const elapsedMs = tune.now() - startMs;
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

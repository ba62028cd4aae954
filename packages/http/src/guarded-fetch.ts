import { isSwathError } from '@swath/core';
import { USER_AGENT } from './exchange.ts';
import type { Resolve } from './guard.ts';
import { lazy } from './lazy.ts';
import { HTTP_CONNECT_TIMEOUT_MS } from './limits.ts';
import { checkUrl, type UrlPolicy } from './url-policy.ts';

/** What a client of documents sends. Redirects are its own business: they come back as answers. */
export interface FetchRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** The part of a Response that such a client reads; the global Response is one. */
export interface FetchAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  /** Decompressed. Leaving the iteration early closes the connection. */
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

export type Fetch = (url: URL, request: FetchRequest) => Promise<FetchAnswer>;

/**
 * `fetch` for documents under a policy: the same checks as range reads. Never follows a redirect.
 * Idle connections end by themselves and do not keep a process alive.
 * @throws SwathError InvalidInput for what may not be reached; what fetch throws otherwise.
 */
export function guardedFetch(policy: UrlPolicy, options: { readonly resolve?: Resolve } = {}): Fetch {
  // undici takes 50 ms to load.
  const client = lazy(async () => {
    const { documentAgent, fetch } = await import('./document-agent.ts');
    return {
      fetch,
      dispatcher: documentAgent(policy, { connectTimeoutMs: HTTP_CONNECT_TIMEOUT_MS, ...options }),
    };
  });
  return async (url, { method, headers, body, signal }) => {
    checkUrl(url.href, policy);
    const { fetch, dispatcher } = await client.get();
    try {
      return await fetch(url, {
        dispatcher,
        method,
        redirect: 'manual',
        signal,
        headers: { 'user-agent': USER_AGENT, ...headers },
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      // fetch wraps what the connection threw.
      if (error instanceof Error && isSwathError(error.cause)) throw error.cause;
      throw error;
    }
  };
}

import { isSwathError } from '@swath/core';
import type { Resolve } from './connect.ts';
import { USER_AGENT } from './exchange.ts';
import { lazyAgent } from './lazy-agent.ts';
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
 * `fetch` for documents under a policy: the same checks and connections as range reads. Never follows a redirect.
 * Idle connections end by themselves and do not keep a process alive.
 * @throws SwathError InvalidInput for what may not be reached; what fetch throws otherwise.
 */
export function guardedFetch(policy: UrlPolicy, options: { readonly resolve?: Resolve } = {}): Fetch {
  const agent = lazyAgent(policy, { connectTimeoutMs: HTTP_CONNECT_TIMEOUT_MS, ...options });
  return async (url, { method, headers, body, signal }) => {
    checkUrl(url.href, policy);
    const dispatcher = await agent.get();
    const { fetch } = await import('undici');
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

import { SwathError } from '@swath/core';
import type { Resolve } from './guard.ts';
import { lazy } from './lazy.ts';
import { type RangeSource, type RangeSourceOptions, rangeSource } from './range-source.ts';
import { defaultTuning, type HttpTuning } from './retry.ts';
import { checkUrl, type UrlPolicy } from './url-policy.ts';

/** Guarded connections: every source shares them. */
export interface HttpTransport {
  /** @throws SwathError InvalidInput at once when the address may not be reached. */
  source(href: string, options?: RangeSourceOptions): RangeSource;
  /** Waits for reads that go on, then closes the connections. */
  close(): Promise<void>;
}

export interface TransportOptions extends Partial<HttpTuning> {
  /** @default the resolver of the operating system */
  readonly resolve?: Resolve;
}

/** Range reads over http(s) under a policy. Errors name scheme, host and path, never the query. */
export function httpTransport(policy: UrlPolicy, options: TransportOptions = {}): HttpTransport {
  const { resolve, ...tuning } = options;
  const tune: HttpTuning = { ...defaultTuning, ...tuning };
  const connections = lazy(async () => {
    const { guardedConnections } = await import('./connections.ts');
    return guardedConnections(policy, {
      connectTimeoutMs: tune.connectTimeoutMs,
      ...(resolve === undefined ? {} : { resolve }),
    });
  });
  const exchange = { policy, connections, idleTimeoutMs: tune.idleTimeoutMs };
  let closed = false;
  return {
    source(href, sourceOptions = {}) {
      if (closed) throw new SwathError('Bug', 'A source was asked of a transport that is closed.');
      checkUrl(href, policy);
      return rangeSource(href, exchange, tune, sourceOptions);
    },
    async close() {
      if (closed) return;
      closed = true;
      await (await connections.made())?.close();
    },
  };
}

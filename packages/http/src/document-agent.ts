import { Agent, buildConnector, fetch } from 'undici';
import { type ConnectOptions, connectionGuard } from './guard.ts';
import { CONNECTIONS_PER_ORIGIN, KEEP_ALIVE_MS, MAX_HEADER_BYTES } from './limits.ts';
import type { Reach, UrlPolicy } from './url-policy.ts';

/** Given on from here: what a bundle imports on demand has to be an ES module, for its names to be there (esbuild 0.28). */
export { fetch };

/** Guarded connections ({@link connectionGuard}) for undici's `fetch`. */
export function documentAgent(policy: UrlPolicy, options: ConnectOptions): Agent {
  const guard = connectionGuard(policy, options.resolve);
  const connector = (reach: Reach): buildConnector.connector =>
    buildConnector({
      timeout: options.connectTimeoutMs,
      // One protocol to guard.
      allowH2: false,
      lookup: guard.lookup(reach),
    });
  const byReach = {
    public: connector('public'),
    loopback: connector('loopback'),
    any: connector('any'),
  } as const;
  return new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    // HTTP pipelining would queue a small read behind a large one.
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect(target, callback) {
      let reach: Reach;
      try {
        reach = guard.reach(new URL(`${target.protocol}//${target.host ?? target.hostname}/`));
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null);
        return;
      }
      byReach[reach](target, callback);
    },
  });
}

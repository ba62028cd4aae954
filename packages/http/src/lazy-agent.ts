import type { Agent } from 'undici';
import type { ConnectOptions } from './connect.ts';
import type { UrlPolicy } from './url-policy.ts';

/** Guarded connections that are made ready when they are first needed: undici takes 50 ms to load. */
export interface LazyAgent {
  get(): Promise<Agent>;
  close(): Promise<void>;
}

export function lazyAgent(policy: UrlPolicy, options: ConnectOptions): LazyAgent {
  let agent: Promise<Agent> | undefined;
  return {
    get() {
      agent ??= import('./connect.ts').then(({ guardedAgent }) => guardedAgent(policy, options));
      return agent;
    },
    close: async () => await (await agent)?.close(),
  };
}

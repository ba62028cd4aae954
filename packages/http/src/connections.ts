import type { Agent, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Socket } from 'node:net';
import { IDLE_TIMEOUT } from './body.ts';
import { type ConnectOptions, connectionGuard } from './guard.ts';
import { CONNECTIONS_PER_ORIGIN, KEEP_ALIVE_MS, MAX_HEADER_BYTES } from './limits.ts';
import type { UrlPolicy } from './url-policy.ts';

// Imported, the module would load all of undici for the names it has of it: 14 ms.
const { Agent: HttpAgent, request: httpRequest } = process.getBuiltinModule('node:http');

export interface SendRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** For the headers of the answer, and between two chunks of its body. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Guarded connections ({@link connectionGuard}) that are kept for the next request. */
export interface Connections {
  /**
   * One GET, as it is answered; redirects are answers. The body is unread: the caller must read or destroy it.
   * @throws SwathError InvalidInput; AbortError; errors with a `code` of Node or {@link IDLE_TIMEOUT}.
   */
  send(url: URL, request: SendRequest): Promise<IncomingMessage>;
  /** Waits for answers that are being read, then closes the connections. Idle ones do not keep a process alive. */
  close(): Promise<void>;
}

/**
 * Over node:http, not undici: its parser is native, where undici's is WebAssembly that a new process compiles twice. Measured for
 * the first reads of a process: 50 ms of loading, and 90 ms of CPU in all, less.
 */
export function guardedConnections(policy: UrlPolicy, options: ConnectOptions): Connections {
  const guard = connectionGuard(policy, options.resolve);
  const settings = {
    keepAlive: true,
    // Of idle connections: each request sets its own.
    timeout: KEEP_ALIVE_MS,
    maxSockets: CONNECTIONS_PER_ORIGIN,
    maxFreeSockets: CONNECTIONS_PER_ORIGIN,
  };
  const agents = {
    'http:': guarded('http:', new HttpAgent(settings)),
    'https:': guarded('https:', new HttpsAgent(settings)),
  };
  /** Answers whose end has not come yet. */
  const going = new Set<Promise<void>>();

  function guarded<A extends Agent>(protocol: string, agent: A): A {
    const connect = agent.createConnection.bind(agent);
    // The agent calls it for every connection it opens, whoever wants one.
    agent.createConnection = (target, callback) => {
      try {
        const host = target.host ?? '';
        const port = target.port ?? '';
        const url = new URL(`${protocol}//${host.includes(':') ? `[${host}]` : host}:${port}/`);
        const lookup = guard.lookup(guard.reach(url));
        const socket = connect({ ...target, lookup }, callback);
        if (socket instanceof Socket) limitConnecting(socket, protocol, options.connectTimeoutMs);
        return socket;
      } catch (error) {
        // Not thrown: the agent may have been called by a connection that came free.
        callback?.(error instanceof Error ? error : new Error(String(error)), new Socket());
        return undefined;
      }
    };
    return agent;
  }

  async function send(url: URL, { headers, idleTimeoutMs, signal }: SendRequest): Promise<IncomingMessage> {
    signal?.throwIfAborted();
    const isTls = url.protocol === 'https:';
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      agent: agents[isTls ? 'https:' : 'http:'],
      method: 'GET',
      headers,
      timeout: idleTimeoutMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    let answer: IncomingMessage | undefined;
    const end = (error: Error): void => void (answer ?? request).destroy(error);
    const abort = (): void => end(new DOMException('The read was cancelled.', 'AbortError'));
    signal?.addEventListener('abort', abort, { once: true });
    const closed = new Promise<void>((resolve) => {
      request.once('close', () => {
        signal?.removeEventListener('abort', abort);
        going.delete(closed);
        resolve();
      });
    });
    going.add(closed);
    request.on('timeout', () => {
      end(Object.assign(new Error(`nothing came for ${idleTimeoutMs} ms`), { code: IDLE_TIMEOUT }));
    });
    return await new Promise((resolve, reject) => {
      request.on('response', (message) => {
        answer = message;
        resolve(message);
      });
      // After the answer, its body tells what went wrong.
      request.on('error', reject);
      request.end();
    });
  }

  return {
    send,
    async close() {
      while (going.size > 0) await Promise.all(going);
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Fails a connection that is not ready in time; a TLS handshake is part of it. */
function limitConnecting(socket: Socket, protocol: string, timeoutMs: number): void {
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`no connection after ${timeoutMs} ms`), { code: 'ETIMEDOUT' }));
  }, timeoutMs);
  const stop = (): void => clearTimeout(timer);
  socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', stop);
  socket.once('close', stop);
}

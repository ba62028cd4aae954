import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { SwathError } from '@swath/core';
import { closeGraceMs, headerLimitBytes } from './limits.ts';

export interface HttpServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only. @throws SwathError Conflict when the port is taken. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch,
    serverOptions: { maxHeaderSize: headerLimitBytes },
  }) as Server;
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new SwathError('Conflict', `Port ${port} of this machine is taken.`, {
      fix: 'Choose another with --port or SWATH_PORT; 0 takes a free one.',
      cause,
    });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new SwathError('Bug', 'the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), closeGraceMs);
      await closed;
      clearTimeout(late);
    },
  };
}

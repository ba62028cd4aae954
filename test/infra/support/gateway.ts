import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpEvent, proxyAnswer } from './events.ts';
import type { LambdaProcess } from './lambda-process.ts';

/**
 * API Gateway's HTTP API for one caller, known by his token: turns each call into an event of payload 2.0 and its answer back.
 * What the authorizer would say is given: its issuer is not on this machine.
 */
export async function serveGateway(options: {
  readonly api: LambdaProcess;
  readonly token: string;
  readonly caller: { readonly project: string; readonly roles: string };
}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    void answer(incoming).catch((error: unknown) => outgoing.writeHead(502).end(String(error)));
    async function answer({ method = 'GET', url = '/', headers }: IncomingMessage): Promise<void> {
      const known = headers.authorization === `Bearer ${options.token}`;
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const event = httpEvent(method, url, known ? options.caller : undefined);
      const told = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      const { statusCode, body, isBase64Encoded, ...rest } = proxyAnswer.parse(
        await options.api.invoke({
          ...event,
          headers: { ...event.headers, ...Object.fromEntries(told), host: event.headers['host'] },
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks).toString('utf8') }),
        }),
      );
      outgoing
        .writeHead(statusCode, rest.headers)
        .end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

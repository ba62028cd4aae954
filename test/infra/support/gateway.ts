import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import type { Certificate } from './certificate.ts';
import { httpEvent, proxyAnswer } from './events.ts';
import { gatewayRoutesOf, routeOf } from './gateway-routes.ts';
import type { LambdaProcess } from './lambda-process.ts';
import type { Machine } from './machine.ts';

export interface HttpCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it was sent. */
  readonly bytes: Buffer;
}

/** API Gateway's HTTP API over the functions of a machine: routes, authorizers and their cache, events of payload 2.0. */
export interface Gateway {
  call(call: HttpCall): Promise<HttpAnswer>;
  /** Answers of the authorizer that were not taken from the cache. */
  readonly authorized: readonly object[];
}

const simpleAnswer = z.looseObject({ isAuthorized: z.boolean(), context: z.looseObject({}).default({}) });

/** @param domainName the host that functions believe they were called by. */
export function openGateway(machine: Machine, domainName: string): Gateway {
  const { assembly, account, lambdas } = machine;
  const routes = gatewayRoutesOf(assembly, account);
  const functionOf = (id: string): LambdaProcess => {
    const found = lambdas.get(assembly.handlers.find(({ functionId }) => functionId === id)?.name ?? '');
    if (found === undefined) throw new Error(`a route leads to ${id}, which is no function`);
    return found;
  };
  const authorizer = lambdas.get('authorizer');
  // It is kept for 300 s; no test takes as long.
  const kept = new Map<string, Readonly<Record<string, unknown>>>();
  const authorized: object[] = [];

  /** @returns the authorizer's context, or the status API Gateway answers with instead of calling the function. */
  async function whoCalls(
    call: HttpCall,
    routeKey: string,
    names: readonly string[],
  ): Promise<Readonly<Record<string, unknown>> | number> {
    const headers = lowerCase(call.headers);
    const sources = names.map((name) => headers[name] ?? '');
    // Without every identity source nobody is asked.
    if (sources.includes('')) return 401;
    const key = JSON.stringify(sources);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const { headers: sent, ...event } = httpEvent(call.method, call.path, domainName);
    const answer = simpleAnswer.safeParse(
      await authorizer
        ?.invoke({
          ...event,
          type: 'REQUEST',
          routeArn: `arn:aws:execute-api:eu-central-1:123456789012:abc123/$default/${call.method}${event.rawPath}`,
          identitySource: sources,
          routeKey,
          headers: { ...sent, ...headers },
        })
        .catch(() => undefined),
    );
    if (!answer.success) return 500;
    if (!answer.data.isAuthorized) return 403;
    authorized.push(answer.data.context);
    kept.set(key, answer.data.context);
    return answer.data.context;
  }

  return {
    authorized,
    async call(call) {
      const event = httpEvent(call.method, call.path, domainName);
      const { key, functionId, identityHeaders } = routeOf(routes, call.method, event.rawPath);
      const context = identityHeaders === undefined ? undefined : await whoCalls(call, key, identityHeaders);
      if (typeof context === 'number') return own(context);
      // Payload 2.0 has cookies apart from the headers, in the event and in the answer.
      const { cookie, ...sent } = lowerCase(call.headers);
      const answer = proxyAnswer.parse(
        await functionOf(functionId).invoke({
          ...event,
          routeKey: key,
          headers: { ...event.headers, ...sent, host: domainName },
          ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
          requestContext: {
            ...event.requestContext,
            routeKey: key,
            ...(context === undefined ? {} : { authorizer: { lambda: context } }),
          },
          ...(call.body === undefined ? {} : { body: call.body }),
        }),
      );
      const { statusCode, cookies, isBase64Encoded } = answer;
      const headers = {
        ...answer.headers,
        ...(cookies.length === 0 ? {} : { 'set-cookie': cookies.join(', ') }),
      };
      const bytes = Buffer.from(answer.body, isBase64Encoded ? 'base64' : 'utf8');
      return { status: statusCode, headers, body: bytes.toString('utf8'), bytes };
    },
  };
}

/** An answer of API Gateway itself. */
function own(status: number): HttpAnswer {
  const words: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden' };
  const body = JSON.stringify({ message: words[status] ?? 'Internal Server Error' });
  return { status, headers: { 'content-type': 'application/json' }, body, bytes: Buffer.from(body) };
}

const lowerCase = (headers: HttpCall['headers'] = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The gateway at an https address of this machine, for clients that are processes. */
export async function serveGateway(
  machine: Machine,
  certificate: Certificate,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  let gateway: Gateway | undefined;
  const server = createServer(certificate, (incoming, outgoing) => {
    void answer(incoming).catch((error: unknown) => outgoing.writeHead(502).end(String(error)));
    async function answer({ method = 'GET', url: path = '/', headers }: IncomingMessage): Promise<void> {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const told = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
      const found = await gateway?.call({
        method,
        path,
        headers: Object.fromEntries(told),
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks).toString('utf8') }),
      });
      outgoing.writeHead(found?.status ?? 502, found?.headers ?? {}).end(found?.bytes);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway = openGateway(machine, host);
  return {
    url: `https://${host}`,
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of an AWS service as it went over the wire. */
export interface RecordedCall {
  readonly service: string;
  readonly method: string;
  /** Decoded, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string | undefined;
  /** Text of bodies that are JSON. */
  readonly body: unknown;
  readonly status: number;
}

export interface Recorder {
  readonly endpoint: string;
  readonly calls: readonly RecordedCall[];
  /** While `work` runs, calls of the service are refused, as if the caller had ended before them. */
  refusing<T>(service: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Does one thing after the other. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function oneAfterTheOther(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/**
 * Between one caller and the servers that play AWS: passes everything on unchanged, and remembers what was asked.
 * @param tableTurns what calls of DynamoDB wait for. @default nothing
 * @param hear is told of each call that was answered.
 */
export async function startRecorder(
  target: (service: string) => string,
  tableTurns: Turns = (work) => work(),
  hear: (call: RecordedCall) => void = () => {},
): Promise<Recorder> {
  const calls: RecordedCall[] = [];
  const refused = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    void pass(incoming).catch((error: unknown) => {
      outgoing.writeHead(502).end(String(error));
    });
    async function pass(from: IncomingMessage): Promise<void> {
      const url = new URL(from.url ?? '/', 'http://aws');
      const service = serviceOf(from, url);
      const body = await bytesOf(from);
      if (refused.has(service)) {
        outgoing.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
        outgoing.end(JSON.stringify({ __type: 'AccessDeniedException', message: 'refused by the test' }));
        return;
      }
      const ask = async () => {
        const to = send(new URL(from.url ?? '/', target(service)), {
          method: from.method,
          headers: from.headers,
        });
        to.end(body);
        const [response] = (await once(to, 'response')) as [IncomingMessage];
        return response;
      };
      const answer = await (service === 'dynamodb' ? tableTurns(ask) : ask());
      const call: RecordedCall = {
        service,
        method: from.method ?? 'GET',
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        header: (name) => {
          const value = from.headers[name];
          return Array.isArray(value) ? value.join(', ') : value;
        },
        body: service === 's3' ? undefined : jsonOf(body),
        status: answer.statusCode ?? 0,
      };
      calls.push(call);
      hear(call);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async refusing(service, work) {
      refused.add(service);
      try {
        return await work();
      } finally {
        refused.delete(service);
      }
    },
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** From the scope that the signature names: `Credential=key/day/region/service/aws4_request`. */
function serviceOf(request: IncomingMessage, url: URL): string {
  const signed = request.headers.authorization ?? url.searchParams.get('X-Amz-Credential') ?? '';
  const [, service] = /\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(signed) ?? [];
  if (service === undefined) throw new Error(`a call that is not signed: ${request.method} ${url.pathname}`);
  return service;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function jsonOf(body: Buffer): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
}

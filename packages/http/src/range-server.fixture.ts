import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isSwathError, type SwathError } from '@swath/core';
import type { RangeSource, RangeSourceOptions } from './range-source.ts';
import { type HttpTransport, httpTransport, type TransportOptions } from './transport.ts';
import type { UrlPolicy } from './url-policy.ts';

/** 64 KiB whose bytes tell their position. */
export const file = Uint8Array.from({ length: 65_536 }, (_, at) => (at * 7 + (at >> 8)) % 256);

export type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;

export interface Fixture {
  readonly origin: string;
  readonly href: string;
  readonly transport: HttpTransport;
  /** Requests so far. */
  readonly requests: readonly IncomingMessage[];
  /** Waits that were asked for; none is waited. */
  readonly waits: readonly number[];
  source(options?: RangeSourceOptions): RangeSource;
  /** The error of one read, which must be a SwathError and must not tell the secret of the address. */
  failure(offset?: number, length?: number): Promise<SwathError>;
}

/** First and last byte that a request asks for. */
export function askedRange(request: IncomingMessage): readonly [number, number] {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  return [Number(match?.[1]), Math.min(Number(match?.[2]), file.length - 1)];
}

/** A right answer. */
export function answer206(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>> = {},
): void {
  const [first, last] = askedRange(request);
  response.writeHead(206, {
    'content-range': `bytes ${first}-${last}/${file.length}`,
    'content-length': String(last - first + 1),
    etag: '"v1"',
    ...headers,
  });
  response.end(file.subarray(first, last + 1));
}

/** Runs `use` against a server on loopback and a transport that waits for nobody; both are gone afterwards. */
export async function withServer(
  handler: Handler,
  use: (fixture: Fixture) => Promise<void>,
  options: TransportOptions & { readonly policy?: UrlPolicy } = {},
): Promise<void> {
  const { policy = { allowHttp: true }, ...tuning } = options;
  const requests: IncomingMessage[] = [];
  const waits: number[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const href = `${origin}/data/b04.tif?sig=s3cret`;
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  const transport = httpTransport(policy, { sleep, random: () => 0.5, ...tuning });
  try {
    await use({
      origin,
      href,
      transport,
      requests,
      waits,
      source: (sourceOptions) => transport.source(href, sourceOptions),
      async failure(offset = 0, length = 100) {
        const error = await transport
          .source(href)
          .read(offset, length)
          .catch((caught: unknown) => caught);
        if (!isSwathError(error)) throw new Error(`no SwathError but ${String(error)}`);
        if (`${error.message} ${error.stack} ${error.fix}`.includes('s3cret'))
          throw new Error('the secret is told');
        return error;
      },
    });
  } finally {
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

import { createHook } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { isSwathError } from '@swath/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { guardedConnections } from './connections.ts';
import { documentAgent } from './document-agent.ts';
import type { Resolve, ResolvedAddress } from './guard.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { httpTransport } from './transport.ts';
import type { UrlPolicy } from './url-policy.ts';

/** Addresses that lead inside, or could. PORT is the port of the server below; `resolves` is what the fake resolver says. */
const rows = z
  .array(z.object({ href: z.string(), why: z.string(), resolves: z.array(z.string()).optional() }))
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'inside-addresses.json'), 'utf8')));

let inside: Server;
let accepted = 0;
let port = 0;

/** Connections that the operating system was asked for: Node makes one such object for each. */
let dialled = 0;
const dials = createHook({
  init(_id, type) {
    if (type === 'TCPCONNECTWRAP') dialled++;
  },
}).enable();

beforeAll(async () => {
  inside = createServer((socket) => {
    accepted++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  const address = inside.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});
afterAll(async () => {
  dials.disable();
  await new Promise((resolve) => inside.close(resolve));
});
beforeEach(() => {
  dialled = 0;
  accepted = 0;
});

/** A resolver that knows the names of the table; every other name lies at the server inside. */
function resolver(addresses: readonly string[] | undefined) {
  const asked: string[] = [];
  const resolve = async (hostname: string): Promise<ResolvedAddress[]> => {
    asked.push(hostname);
    return (addresses ?? ['127.0.0.1']).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
  };
  return { asked, resolve };
}

const isHttp = (href: string): boolean => URL.canParse(href) && /^https?:$/.test(new URL(href).protocol);

const failureOf = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await run();
  } catch (error) {
    return error;
  }
};

/** What opens connections, past all checks of the text. */
const clients = [
  async function documentAgentAsked(url: URL, policy: UrlPolicy, resolve: Resolve): Promise<void> {
    const agent = documentAgent(policy, { connectTimeoutMs: 1000, resolve });
    try {
      await agent.request({ origin: url.origin, path: '/', method: 'GET' });
    } finally {
      await agent.close();
    }
  },
  async function rangeConnectionsAsked(url: URL, policy: UrlPolicy, resolve: Resolve): Promise<void> {
    const connections = guardedConnections(policy, { connectTimeoutMs: 1000, resolve });
    try {
      const answer = await connections.send(url, { headers: {}, idleTimeoutMs: 1000, signal: undefined });
      answer.destroy();
    } finally {
      await connections.close();
    }
  },
];

describe('an address that leads inside', () => {
  it('is one of many', () => {
    expect(rows.length).toBeGreaterThanOrEqual(120);
    expect(new Set(rows.map(({ href }) => href)).size).toBe(rows.length);
  });

  it.each(rows)('is not reached: $href ($why)', async ({ href, resolves }) => {
    const url = href.replaceAll('PORT', String(port));
    const { resolve } = resolver(resolves);
    const transport = httpTransport({}, { resolve, attempts: 1 });
    const get = guardedFetch({}, { resolve });
    try {
      const read = await failureOf(async () => await transport.source(url).read(0, 10));
      expect(isSwathError(read, 'InvalidInput'), String(read)).toBe(true);
      const document = await failureOf(
        async () =>
          await get(new URL(url), { method: 'GET', headers: {}, signal: AbortSignal.timeout(5000) }),
      );
      // What is no URL at all does not get as far as a client of documents.
      if (URL.canParse(url)) expect(isSwathError(document, 'InvalidInput'), String(document)).toBe(true);
    } finally {
      await transport.close();
    }
    expect([dialled, accepted]).toEqual([0, 0]);
  });

  it.each(rows.filter(({ href }) => isHttp(href.replaceAll('PORT', '1'))))(
    'is not connected to, even when nobody checked the text: $href',
    async ({ href, resolves }) => {
      const url = new URL(href.replaceAll('PORT', String(port)));
      for (const ask of clients) {
        const error = await failureOf(() => ask(url, {}, resolver(resolves).resolve));
        expect(isSwathError(error, 'InvalidInput'), `${ask.name}: ${String(error)}`).toBe(true);
      }
      expect([dialled, accepted]).toEqual([0, 0]);
    },
  );
});

describe('a name', () => {
  it.each(clients.map((ask) => ({ ask, name: ask.name })))(
    'is resolved once by $name, and the connection goes to the address that was checked (DNS rebinding, D29, K06)',
    async ({ ask }) => {
      let asked = 0;
      const resolve: Resolve = async () => [
        { address: asked++ === 0 ? '127.0.0.1' : '127.0.0.66', family: 4 },
      ];
      const url = new URL(`http://a.localhost:${port}/`);
      const error = await failureOf(() => ask(url, { allowHttp: true }, resolve));
      expect(error).toBeInstanceOf(Error);
      expect([asked, dialled, accepted]).toEqual([1, 1, 1]);
    },
  );

  it('that leads elsewhere after its first connection is refused at the next', async () => {
    const answers = ['127.0.0.1', '169.254.169.254'];
    let asked = 0;
    const transport = httpTransport(
      { allowHttp: true },
      {
        resolve: async () => [{ address: answers[asked++] ?? '', family: 4 }],
        sleep: async () => {},
      },
    );
    const source = transport.source(`http://a.localhost:${port}/a`);
    const error = await failureOf(async () => await source.read(0, 1));
    await transport.close();
    expect(isSwathError(error, 'InvalidInput'), String(error)).toBe(true);
    expect([asked, dialled, accepted]).toEqual([2, 1, 1]);
  });

  it("without an address is not reached, which is nobody's fault", async () => {
    const transport = httpTransport({}, { resolve: async () => [], attempts: 1 });
    const error = await failureOf(async () => await transport.source('https://gone.test/a').read(0, 1));
    await transport.close();
    expect(isSwathError(error, 'Unavailable'), String(error)).toBe(true);
    expect(dialled).toBe(0);
  });
});

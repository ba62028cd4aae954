import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type ReceivedRequest, type RunningServer, sendJson, startServer } from './http-server.ts';
import { sharedPath } from './shared.ts';

/** A recorded exchange with a real STAC API. */
interface Tape {
  readonly method: string;
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly status: number;
  /** JSON text of the answer. */
  readonly answer: string;
}

/** Members of a search body that a client is free to word in its own way. */
const freeMembers = ['limit', 'bbox', 'intersects', 'query', 'filter', 'filter-lang', 'fields', 'datetime'];

export interface TapeServer extends RunningServer {
  /** Local address of a recorded one: `at('https://earth-search.aws.element84.com/v1')`. */
  at(url: string): string;
}

/**
 * Replays recorded answers (`earth-search.aws.element84.com/096-post-v1-search-200.json`, below
 * `01-stac-recordings/tapes`) on this machine, links rewritten to its own origin. A search matches a tape by method,
 * path, paging token and collections; of several tapes that match, each is played once, the last for ever. A page
 * past the recorded ones is empty and the last; anything else that no tape matches is answered 404.
 */
export async function startTapeServer(names: readonly string[]): Promise<TapeServer> {
  const tapes = names.map(readTape);
  const played = new Set<Tape>();
  const hosts = new Set(tapes.map((tape) => tape.url.host));
  const server = await startServer((request, response, origin) => {
    const matching = tapes.filter((tape) => matches(tape, request));
    const tape = matching.find((candidate) => !played.has(candidate)) ?? matching.at(-1);
    if (tape === undefined && isFurtherPage(request)) {
      sendJson(response, 200, { type: 'FeatureCollection', features: [], collections: [], links: [] });
      return;
    }
    if (tape === undefined) {
      sendJson(response, 404, { code: 'NotFound', description: 'No tape of this request' });
      return;
    }
    played.add(tape);
    let text = tape.answer;
    for (const host of hosts) text = text.replaceAll(`https://${host}/`, `${origin}/${host}/`);
    response.writeHead(tape.status, { 'content-type': 'application/geo+json' }).end(text);
  });
  return { ...server, at: (url) => `${server.origin}/${new URL(url).host}${new URL(url).pathname}` };
}

function readTape(name: string): Tape {
  const path = sharedPath('data', '01-stac-recordings', 'tapes', name);
  if (path === undefined) throw new Error(`no tape ${name}`);
  const { request, response } = JSON.parse(readFileSync(path, 'utf8'));
  const body = typeof request.body === 'string' ? JSON.parse(request.body) : request.body;
  return {
    method: request.method,
    url: new URL(request.url),
    body: body ?? undefined,
    status: response.status,
    answer: JSON.stringify(response.body),
  };
}

function isFurtherPage(request: ReceivedRequest): boolean {
  const names = [
    ...new URL(request.path, 'http://tapes.test').searchParams.keys(),
    ...Object.keys(request.body ?? {}),
  ];
  return names.some((name) => ['token', 'next', 'page', 'startRecord'].includes(name));
}

function matches(tape: Tape, request: ReceivedRequest): boolean {
  const url = new URL(request.path, 'http://tapes.test');
  const path = `/${tape.url.host}${tape.url.pathname}`;
  if (tape.method !== request.method || trimmed(path) !== trimmed(url.pathname)) return false;
  if (tape.method === 'GET') {
    return isDeepStrictEqual(parametersOf(tape.url), parametersOf(url));
  }
  return isDeepStrictEqual(fixed(tape.body), fixed(request.body));
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}

function parametersOf(url: URL): Readonly<Record<string, string>> {
  return Object.fromEntries([...url.searchParams].filter(([name]) => !freeMembers.includes(name)));
}

function fixed(body: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body ?? {}).filter(([name]) => !freeMembers.includes(name)));
}

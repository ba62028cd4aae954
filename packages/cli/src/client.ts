import { type Problem, problem, type Received, type requestView } from '@swath/api/schemas/index';
import { SwathError } from '@swath/core';
import type * as z from 'zod';
import { AuthError } from './exit.ts';
import { type Operation, operations } from './operations.ts';

export interface ClientOptions {
  /** Address of the server, without a trailing slash. */
  readonly url: string;
  /** Bearer token. */
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** @default fetch */
  readonly fetch?: typeof fetch;
}

type AnswerOf<O> = O extends Operation<infer A> ? (A extends z.ZodType ? Received<A> : undefined) : never;
type Answers = { readonly [Name in keyof typeof operations]: AnswerOf<(typeof operations)[Name]> };

export type Request = Received<typeof requestView>;
export type Results = Answers['getRequestResults'];
export type Statistics = Answers['getRequestStatistics'];
export type Plan = Answers['planRequest'];
export type Scenes = Answers['searchScenes'];
export type Upload = Answers['completeUpload'];
export type Usage = Answers['getUsage'];

/** Absent parameters are left out; a list is one parameter several times. */
type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The API of a Swath server, each answer checked against the schema the server made it from. */
export interface Client {
  readonly url: string;
  createRequest(spec: unknown, idempotencyKey: string): Promise<Request>;
  planRequest(spec: unknown): Promise<Plan>;
  listRequests(query: Query): Promise<Answers['listRequests']>;
  getRequest(id: string): Promise<Request>;
  cancelRequest(id: string): Promise<Request>;
  retryRequest(id: string): Promise<Request>;
  getResults(id: string): Promise<Results>;
  /** Every row, page by page. */
  getStatistics(id: string, filter: { readonly zone?: string; readonly band?: string }): Promise<Statistics>;
  getUsage(query: Query): Promise<Usage>;
  listAois(): Promise<Answers['listAreas']>;
  getAoi(id: string, version?: number): Promise<Answers['getArea']>;
  putAoi(id: string, body: unknown): Promise<Answers['putArea']>;
  deleteAoi(id: string): Promise<void>;
  search(body: unknown): Promise<Scenes>;
  /** One page of the STAC API. */
  searchItems(body: unknown): Promise<Answers['postItemSearch']>;
  listProviders(): Promise<Answers['listProviders']>;
  listCollections(provider: string): Promise<Answers['listProviderCollections']>;
  beginUpload(body: unknown): Promise<Answers['beginUpload']>;
  /** The newest hundred. */
  listUploads(): Promise<Answers['listUploads']>;
  getUpload(id: string): Promise<Answers['getUpload']>;
  /** @param parts numbers; @default those that are missing */
  linkUploadParts(id: string, parts?: readonly number[]): Promise<Answers['linkUploadParts']>;
  completeUpload(id: string): Promise<Upload>;
  deleteUpload(id: string): Promise<void>;
  /** PUTs a part to its link, wherever that leads, without our token. @throws Unavailable when it does not arrive. */
  putPart(link: string, body: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Any path or absolute URL of this server, as it is. @throws as the others do, on any status but 200 and 206. */
  open(href: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The server's problem as the error it was there. */
function errorOf(answer: Problem, retryAfterMs: number | undefined): Error {
  const { code, detail, pointer, fix } = answer;
  if (code === 'Unauthenticated' || code === 'Forbidden') {
    return new AuthError(code, detail, fix ?? 'Set SWATH_TOKEN.');
  }
  const known = code === 'MethodNotAllowed' || code === 'RangeNotSatisfiable' ? 'Unsupported' : code;
  return new SwathError(known, code === 'Bug' ? `${detail} (request id ${answer.requestId})` : detail, {
    ...(pointer === undefined ? {} : { pointer }),
    ...(fix === undefined ? {} : { fix }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function unexpected(url: string, what: string): SwathError {
  return new SwathError('Unavailable', `${url} ${what}.`, {
    fix: 'Check that --url (or SWATH_URL) is the address of a Swath server of this version.',
  });
}

async function problemOf(response: Response, url: string): Promise<Error> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const parsed = problem.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return unexpected(url, `answered with status ${response.status} and no reason`);
  return errorOf(parsed.data, Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined);
}

export function makeClient(options: ClientOptions): Client {
  const { url, token, signal } = options;
  const send = options.fetch ?? fetch;

  async function open({ method, path, body, headers }: Call): Promise<Response> {
    const target = new URL(path.startsWith('/') ? `${url}${path}` : path);
    // A link to somewhere else (S3) must not get our token.
    const own = target.origin === new URL(url).origin;
    let response: Response;
    try {
      response = await send(target, {
        method,
        headers: {
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === undefined || !own ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      if (signal?.aborted) throw new SwathError('Cancelled', 'Interrupted.', { cause });
      throw new SwathError('Unavailable', `No Swath server answers at ${url}.`, {
        fix: 'Start one with "npx swath up", or name another with --url or SWATH_URL.',
        cause,
      });
    }
    if (!response.ok) throw await problemOf(response, url);
    return response;
  }

  /** One row of the table, with its parameters filled in. */
  async function call<A extends z.ZodType | undefined>(
    operation: Operation<A>,
    input: {
      readonly id?: string;
      readonly query?: Query;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<AnswerOf<Operation<A>>> {
    const { id = '', query = {}, ...rest } = input;
    const { method, answer } = operation;
    const path = `${operation.path.replace('{id}', encodeURIComponent(id))}${searchOf(query)}`;
    const response = await open({ method, path, ...rest });
    if (answer === undefined) return undefined as AnswerOf<Operation<A>>;
    const parsed = answer.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw unexpected(url, `answered ${method} ${path} with something else`);
    return parsed.data as AnswerOf<Operation<A>>;
  }

  const o = operations;
  return {
    url,
    createRequest: (body, key) => call(o.createRequest, { body, headers: { 'Idempotency-Key': key } }),
    planRequest: (body) => call(o.planRequest, { body }),
    listRequests: (query) => call(o.listRequests, { query }),
    getRequest: (id) => call(o.getRequest, { id }),
    cancelRequest: (id) => call(o.cancelRequest, { id }),
    retryRequest: (id) => call(o.retryRequest, { id }),
    getResults: (id) => call(o.getRequestResults, { id }),
    async getStatistics(id, { zone, band }) {
      const ask = (cursor?: string) => call(o.getRequestStatistics, { id, query: { zone, band, cursor } });
      let page = await ask();
      const rows = [...page.rows];
      for (let next = page.links[0]; next !== undefined; next = page.links[0]) {
        page = await ask(new URL(next.href, url).searchParams.get('cursor') ?? undefined);
        rows.push(...page.rows);
      }
      return { ...page, rows, links: [] };
    },
    getUsage: (query) => call(o.getUsage, { query }),
    listAois: () => call(o.listAreas, { query: { limit: 100 } }),
    getAoi: (id, version) => call(o.getArea, { id, query: { version } }),
    putAoi: (id, body) => call(o.putArea, { id, body }),
    deleteAoi: (id) => call(o.deleteArea, { id }),
    search: (body) => call(o.searchScenes, { body }),
    searchItems: (body) => call(o.postItemSearch, { body }),
    listProviders: () => call(o.listProviders),
    listCollections: (id) => call(o.listProviderCollections, { id }),
    beginUpload: (body) => call(o.beginUpload, { body }),
    listUploads: () => call(o.listUploads, { query: { limit: 100 } }),
    getUpload: (id) => call(o.getUpload, { id }),
    linkUploadParts: (id, parts) =>
      call(o.linkUploadParts, { id, body: parts === undefined ? {} : { parts } }),
    completeUpload: (id) => call(o.completeUpload, { id, body: {} }),
    deleteUpload: (id) => call(o.deleteUpload, { id }),
    async putPart(link, body) {
      try {
        const answer = await send(link, { method: 'PUT', body, ...(signal === undefined ? {} : { signal }) });
        await answer.body?.cancel();
        if (answer.ok) return;
        throw new SwathError('Unavailable', `A part was answered with status ${answer.status}.`);
      } catch (cause) {
        if (cause instanceof SwathError) throw cause;
        if (signal?.aborted) throw new SwathError('Cancelled', 'Interrupted.', { cause });
        throw new SwathError('Unavailable', 'A part did not arrive.', {
          fix: 'Run the same command again: it goes on where this one stopped.',
          cause,
        });
      }
    },
    open: (href, headers = {}) => open({ method: 'GET', path: href, headers: { Accept: '*/*', ...headers } }),
  };
}

function searchOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'object' ? value : value === undefined ? [] : [value]) {
      parameters.append(name, String(one));
    }
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

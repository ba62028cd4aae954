import { type Problem, problem } from '@swath/api/schemas/index';
import { SwathError } from '@swath/core';
import type * as z from 'zod';
import { type Answers, answers, type CallName } from './calls/answers.ts';
import { type Calls, places, type UploadInput } from './calls/generated.ts';
import { AuthError } from './exit.ts';

export interface ClientOptions {
  /** Address of the server, without a trailing slash. */
  readonly url: string;
  /** Bearer token. */
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** @default fetch */
  readonly fetch?: typeof fetch;
}

export type Request = Answers['getRequest'];
export type Results = Answers['getRequestResults'];
export type Statistics = Answers['getRequestStatistics'];
export type Plan = Answers['planRequest'];
export type Scenes = Answers['searchScenes'];
export type Upload = Answers['completeUpload'];
export type Usage = Answers['getUsage'];

/** What a call takes, as the OpenAPI document has it. */
type InputOf<Name extends CallName> = Calls[Name]['input'];
type QueryOf<Name extends 'listRequests' | 'getUsage'> = NonNullable<InputOf<Name>['query']>;
type UsersInput<Name extends CallName> = Omit<InputOf<Name>, 'body'> & { readonly body: unknown };
/** A list is one parameter several times. */
type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;
interface AnyInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** The API of a Swath server, each answer checked against the schema the server made it from. */
export interface Client {
  readonly url: string;
  /** @param spec of the user, as it is: the server says what is wrong with it, and where. */
  createRequest(spec: unknown, idempotencyKey: string): Promise<Request>;
  /** @param spec as in `createRequest`. */
  planRequest(spec: unknown): Promise<Plan>;
  listRequests(query: QueryOf<'listRequests'>): Promise<Answers['listRequests']>;
  getRequest(id: string): Promise<Request>;
  cancelRequest(id: string): Promise<Request>;
  retryRequest(id: string): Promise<Request>;
  getResults(id: string): Promise<Results>;
  /** Every row, page by page. */
  getStatistics(id: string, filter: { readonly zone?: string; readonly band?: string }): Promise<Statistics>;
  getUsage(query: QueryOf<'getUsage'>): Promise<Usage>;
  listAois(): Promise<Answers['listAreas']>;
  getAoi(id: string, version?: number): Promise<Answers['getArea']>;
  /** @param body of the user's, too. */
  putAoi(id: string, body: unknown): Promise<Answers['putArea']>;
  deleteAoi(id: string): Promise<void>;
  /** @param body built from what the user gave; the server checks it. */
  search(body: unknown): Promise<Scenes>;
  /** One page of the STAC API. */
  searchItems(body: unknown): Promise<Answers['postItemSearch']>;
  listProviders(): Promise<Answers['listProviders']>;
  listCollections(provider: string): Promise<Answers['listProviderCollections']>;
  beginUpload(body: UploadInput): Promise<Answers['beginUpload']>;
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

  async function perform<Name extends CallName>(name: Name, input: AnyInput): Promise<Answers[Name]> {
    const { params = {}, query = {}, body } = input;
    const headers = Object.fromEntries(
      Object.entries(input.headers ?? {}).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      ),
    );
    const { method, path: template } = places[name];
    const filled = Object.entries(params).reduce(
      (path, [key, value]) => path.replace(`{${key}}`, encodeURIComponent(value)),
      String(template),
    );
    const path = `${filled}${searchOf(query)}`;
    const response = await open({ method, path, body, headers });
    const schema: z.ZodType | undefined = answers[name];
    if (schema === undefined) return undefined as Answers[Name];
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw unexpected(url, `answered ${method} ${path} with something else`);
    return parsed.data as Answers[Name];
  }

  /** What goes into a call is what the document says of it. */
  const call = <Name extends CallName>(name: Name, input: InputOf<Name>) => perform(name, input);
  /** The body is a document of the user's: the server judges it. */
  const callWith = <Name extends CallName>(name: Name, input: UsersInput<Name>) => perform(name, input);

  return {
    url,
    createRequest: (body, key) => callWith('createRequest', { body, headers: { 'Idempotency-Key': key } }),
    planRequest: (body) => callWith('planRequest', { body }),
    listRequests: (query) => call('listRequests', { query }),
    getRequest: (id) => call('getRequest', { params: { id } }),
    cancelRequest: (id) => call('cancelRequest', { params: { id } }),
    retryRequest: (id) => call('retryRequest', { params: { id } }),
    getResults: (id) => call('getRequestResults', { params: { id } }),
    async getStatistics(id, { zone, band }) {
      const ask = (cursor?: string) =>
        call('getRequestStatistics', { params: { id }, query: { zone, band, cursor } });
      let page = await ask();
      const rows = [...page.rows];
      for (let next = page.links[0]; next !== undefined; next = page.links[0]) {
        page = await ask(new URL(next.href, url).searchParams.get('cursor') ?? undefined);
        rows.push(...page.rows);
      }
      return { ...page, rows, links: [] };
    },
    getUsage: (query) => call('getUsage', { query }),
    async listAois() {
      const aois: Answers['listAreas']['aois'][number][] = [];
      for (let cursor: string | undefined, isMore = true; isMore; isMore = cursor !== undefined) {
        const page = await call('listAreas', { query: { limit: 100, cursor } });
        aois.push(...page.aois);
        const next = page.links[0];
        cursor =
          next === undefined ? undefined : (new URL(next.href, url).searchParams.get('cursor') ?? undefined);
      }
      return { aois, links: [] };
    },
    getAoi: (id, version) => call('getArea', { params: { id }, query: { version } }),
    putAoi: (id, body) => callWith('putArea', { params: { id }, body }),
    deleteAoi: (id) => call('deleteArea', { params: { id } }),
    search: (body) => callWith('searchScenes', { body }),
    searchItems: (body) => callWith('postItemSearch', { body }),
    listProviders: () => call('listProviders', {}),
    listCollections: (id) => call('listProviderCollections', { params: { id } }),
    beginUpload: (body) => call('beginUpload', { body }),
    listUploads: () => call('listUploads', { query: { limit: 100 } }),
    getUpload: (id) => call('getUpload', { params: { id } }),
    linkUploadParts: (id, parts) =>
      call('linkUploadParts', { params: { id }, body: parts === undefined ? {} : { parts } }),
    completeUpload: (id) => call('completeUpload', { params: { id }, body: {} }),
    deleteUpload: (id) => call('deleteUpload', { params: { id } }),
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

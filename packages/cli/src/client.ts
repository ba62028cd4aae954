import {
  aoiList,
  aoiView,
  begunUpload,
  type Problem,
  planView,
  problem,
  type Received,
  requestList,
  requestResults,
  requestView,
  sceneCollection,
  uploadList,
  uploadParts,
  uploadView,
} from '@swath/api/schemas/index';
import { SwathError } from '@swath/core';
import type * as z from 'zod';
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

export type Request = Received<typeof requestView>;
export type Results = Received<typeof requestResults>;
export type Plan = Received<typeof planView>;
export type Upload = Received<typeof uploadView>;
export type Scenes = Received<typeof sceneCollection>;

/** The API of a Swath server, each answer checked against the schema the server made it from. */
export interface Client {
  readonly url: string;
  createRequest(spec: unknown, idempotencyKey: string): Promise<Request>;
  planRequest(spec: unknown): Promise<Plan>;
  listRequests(query: {
    readonly state?: string;
    readonly limit?: number;
  }): Promise<Received<typeof requestList>>;
  getRequest(id: string): Promise<Request>;
  cancelRequest(id: string): Promise<Request>;
  retryRequest(id: string): Promise<Request>;
  getResults(id: string): Promise<Results>;
  listAois(): Promise<Received<typeof aoiList>>;
  getAoi(id: string, version?: number): Promise<Received<typeof aoiView>>;
  putAoi(id: string, body: unknown): Promise<Received<typeof aoiView>>;
  deleteAoi(id: string): Promise<void>;
  search(body: unknown): Promise<Scenes>;
  beginUpload(body: unknown): Promise<Received<typeof begunUpload>>;
  /** The newest hundred. */
  listUploads(): Promise<Received<typeof uploadList>>;
  getUpload(id: string): Promise<Upload>;
  /** @param parts numbers; @default those that are missing */
  linkUploadParts(id: string, parts?: readonly number[]): Promise<Received<typeof uploadParts>>;
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

  async function call<S extends z.ZodType>(schema: S, how: Call): Promise<Received<S>> {
    const response = await open(how);
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw unexpected(url, `answered ${how.method} ${how.path} with something else`);
    return parsed.data as Received<S>;
  }

  const at = (id: string) => `/requests/${encodeURIComponent(id)}`;
  const upload = (id: string) => `/uploads/${encodeURIComponent(id)}`;
  const area = (id: string) => `/aois/${encodeURIComponent(id)}`;
  return {
    url,
    createRequest: (body, key) =>
      call(requestView, { method: 'POST', path: '/requests', body, headers: { 'Idempotency-Key': key } }),
    planRequest: (body) => call(planView, { method: 'POST', path: '/requests/plan', body }),
    listRequests({ state, limit }) {
      const query = new URLSearchParams();
      if (state !== undefined) query.set('state', state);
      if (limit !== undefined) query.set('limit', String(limit));
      return call(requestList, { method: 'GET', path: `/requests?${query}` });
    },
    getRequest: (id) => call(requestView, { method: 'GET', path: at(id) }),
    cancelRequest: (id) => call(requestView, { method: 'POST', path: `${at(id)}/cancel` }),
    retryRequest: (id) => call(requestView, { method: 'POST', path: `${at(id)}/retry` }),
    getResults: (id) => call(requestResults, { method: 'GET', path: `${at(id)}/results` }),
    listAois: () => call(aoiList, { method: 'GET', path: '/aois?limit=100' }),
    getAoi: (id, version) =>
      call(aoiView, {
        method: 'GET',
        path: `${area(id)}${version === undefined ? '' : `?version=${version}`}`,
      }),
    putAoi: (id, body) => call(aoiView, { method: 'PUT', path: area(id), body }),
    async deleteAoi(id) {
      await open({ method: 'DELETE', path: area(id) });
    },
    search: (body) => call(sceneCollection, { method: 'POST', path: '/scenes/search', body }),
    beginUpload: (body) => call(begunUpload, { method: 'POST', path: '/uploads', body }),
    listUploads: () => call(uploadList, { method: 'GET', path: '/uploads?limit=100' }),
    getUpload: (id) => call(uploadView, { method: 'GET', path: upload(id) }),
    linkUploadParts: (id, parts) =>
      call(uploadParts, {
        method: 'POST',
        path: `${upload(id)}/parts`,
        body: parts === undefined ? {} : { parts },
      }),
    completeUpload: (id) => call(uploadView, { method: 'POST', path: `${upload(id)}/complete`, body: {} }),
    async deleteUpload(id) {
      await open({ method: 'DELETE', path: upload(id) });
    },
    async putPart(link, body) {
      try {
        const answer = await send(link, {
          method: 'PUT',
          body,
          ...(signal === undefined ? {} : { signal }),
        });
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

import { SwathError } from '@swath/core';
import type * as z from 'zod';
import type { ApiDeps, Identity, Role } from './deps.ts';
import { readJson } from './door.ts';
import { notOffered } from './openeo/not-offered.ts';
import type { Sent } from './schemas/common.ts';
import { parseWith } from './validate.ts';

/** One call of one route, after identification. */
export interface Call {
  readonly deps: ApiDeps;
  readonly request: Request;
  readonly identity: Identity;
  readonly requestId: string;
  /** Public address of the API without a trailing slash. */
  readonly baseUrl: string;
  /** Parameters that every address of pictures in the answer has to have. @default none */
  readonly carried?: Readonly<Record<string, string>>;
  /** True when the client prefers HTML to JSON (a browser). */
  readonly wantsHtml: boolean;
}

export interface OtherAnswer {
  readonly description: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type ObjectSchema = z.ZodObject;
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A row of the route table: the handler, and all that OpenAPI, the docs page and the client are made of. */
export interface RouteSpec<
  P extends ObjectSchema | undefined,
  Q extends ObjectSchema | undefined,
  B extends z.ZodType | undefined,
  A extends z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI's form: `/requests/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** `public` needs no identity beyond what `identify` gives. */
  readonly auth: 'public' | Role;
  readonly params?: P;
  readonly query?: Q;
  /**
   * A route of openEO's: its errors have openEO's form, and clients are told of it. `shared` is one that STAC has too;
   * `hidden` is not listed among the endpoints. @default not one
   */
  readonly openeo?: 'own' | 'shared' | 'hidden';
  /** `oauth`: errors have the form of RFC 6749, 5.2, which clients of OAuth read. @default by `openeo` */
  readonly errors?: 'oauth';
  /** Whether it is there with these dependencies; otherwise the answer is FeatureUnsupported. @default it is */
  readonly offered?: (deps: ApiDeps) => boolean;
  /** Query parameters that may come several times: they are lists. */
  readonly repeated?: readonly string[];
  /** `any` reads names of query parameters without regard to case, as OGC's key-value pairs want. @default exact */
  readonly queryCase?: 'exact' | 'any';
  /** Request headers the route reads, name to description. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: B;
  /** The body is described by this schema, but checked by the use case, which knows more: the handler gets `document`. */
  readonly document?: z.ZodType;
  /** The body is a form of these fields, which the handler reads itself. */
  readonly form?: ObjectSchema;
  readonly example?: unknown;
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly schema: A;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Answers besides `answer` and problems, by status (`200 text/html` for a second form of the same status). */
  readonly otherAnswers?: Readonly<Record<string, OtherAnswer>>;
  /** Statuses of problems this route can answer, besides those every route can. */
  readonly problems?: readonly number[];
  handle(
    input: {
      readonly params: Parsed<P>;
      readonly query: Parsed<Q>;
      readonly body: Parsed<B>;
      readonly document: unknown;
    },
    call: Call,
  ): Promise<Response | Answer<Sent<A>>>;
}

export interface Answer<T> {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value: T;
}

/** A route with its types closed over. */
export interface Route
  extends Omit<
    RouteSpec<ObjectSchema | undefined, ObjectSchema | undefined, z.ZodType | undefined, z.ZodType>,
    'handle'
  > {
  run(params: Readonly<Record<string, string>>, call: Call): Promise<Response>;
}

/** Above what a URL of 8 kB can sensibly hold. */
const REPEATS_MAX = 64;

function queryOf(
  request: Request,
  {
    repeated = [],
    queryCase = 'exact',
  }: { readonly repeated?: readonly string[]; readonly queryCase?: 'exact' | 'any' },
): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const [given, value] of new URL(request.url).searchParams) {
    const name = queryCase === 'any' ? given.toLowerCase() : given;
    if (repeated.includes(name)) {
      const values = [...(query[name] ?? []), value];
      if (values.length > REPEATS_MAX) {
        throw new SwathError(
          'LimitExceeded',
          `The query parameter "${name}" is given more than ${REPEATS_MAX} times.`,
        );
      }
      query[name] = values;
      continue;
    }
    if (name in query) {
      throw new SwathError('InvalidInput', `The query parameter "${name}" is given more than once.`, {
        fix: `Give "${name}" once.`,
      });
    }
    query[name] = value;
  }
  return query;
}

/** Closes a row over its types: parse at the door, then handle, then JSON unless the handler answered itself. */
export function defineRoute<
  A extends z.ZodType,
  P extends ObjectSchema | undefined = undefined,
  Q extends ObjectSchema | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<P, Q, B, A>): Route {
  const { handle, ...description } = spec;
  return {
    ...description,
    async run(rawParams, call) {
      if (spec.offered?.(call.deps) === false) throw notOffered();
      const params = parseWith(spec.params, rawParams, 'path') as Parsed<P>;
      const query = parseWith(spec.query, queryOf(call.request, spec), 'query') as Parsed<Q>;
      const document =
        spec.body === undefined && spec.document === undefined ? undefined : await readJson(call.request);
      const body = parseWith(spec.body, document, 'body') as Parsed<B>;
      const answer = await handle({ params, query, body, document }, call);
      if (answer instanceof Response) return answer;
      return new Response(JSON.stringify(answer.value), {
        status: answer.status ?? spec.answer.status,
        headers: {
          'Content-Type': spec.answer.contentType ?? 'application/json',
          'Cache-Control': 'no-store',
          ...answer.headers,
        },
      });
    },
  };
}

import { SWATH_VERSION } from '@swath/core';
import * as z from 'zod';
import { statusOf } from './problem.ts';
import type { Route } from './route.ts';
import { oauthError, openeoError, problem } from './schemas/common.ts';

/** JSON with names: what the document is made of. */
export type JsonObject = { readonly [name: string]: unknown };

/** Statuses of problems that every route can answer. */
const EVERYWHERE = [400, 401, 403, 429, 500, 503];

/** FeatureUnsupported: what routes of openEO's answer where they are not offered. */
const NOT_OFFERED = 501;

const HTML = 'text/html';
const FORM_TYPE = 'application/x-www-form-urlencoded';

interface Schemas {
  /** Schema, or reference to a component when it has an id. */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonObject;
  components(): JsonObject;
}

/** What zod writes and OpenAPI 3.0 has no use for, or says better otherwise. */
function clean(node: unknown, io: 'input' | 'output'): unknown {
  if (Array.isArray(node)) return node.map((item) => clean(item, io));
  if (typeof node !== 'object' || node === null) return node;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === '$schema' || key === '$id' || key === 'id') continue;
    // Answers may gain fields: a client that refuses them would break.
    if (key === 'additionalProperties' && value === false && io === 'output') continue;
    result[key] = key === 'properties' ? cleanEach(value, io) : clean(value, io);
  }
  // The pattern behind a date-time is 300 characters of leap years; the format says the same.
  if (result['format'] === 'date-time') delete result['pattern'];
  // 3.0.3 has the expressions of ECMA-262 5.1: without Unicode classes, which other languages read otherwise or not at all.
  if (/\\p\{/i.test(String(result['pattern']))) delete result['pattern'];
  if (result['maximum'] === Number.MAX_SAFE_INTEGER) delete result['maximum'];
  if (result['minimum'] === Number.MIN_SAFE_INTEGER) delete result['minimum'];
  // An enum lists all there is, null too.
  if (result['nullable'] === true && Array.isArray(result['enum']))
    result['enum'] = [...new Set([...result['enum'], null])];
  return result['nullable'] === true && !('type' in result) ? orNull(result) : result;
}

/** 3.0.3: `nullable` only counts beside a `type`; a reference or a union needs a member of its own for null. */
function orNull({ nullable: _nullable, description, ...schema }: Record<string, unknown>): JsonObject {
  const none = { type: 'string', nullable: true, enum: [null] };
  const allOf = schema['allOf'];
  const only = Array.isArray(allOf) && allOf.length === 1 ? allOf[0] : schema;
  const members = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [only];
  return { ...(description === undefined ? {} : { description }), anyOf: [...members, none] };
}

/** Names of properties are data: a property called `id` stays. */
function cleanEach(properties: unknown, io: 'input' | 'output'): unknown {
  return Object.fromEntries(Object.entries(properties as JsonObject).map(([k, v]) => [k, clean(v, io)]));
}

/**
 * Named schemas become components, once per direction: a request with defaults left out and the same with defaults
 * filled in are two schemas (`RequestSpec`, `RequestSpecFilled`).
 */
function collect(): Schemas {
  const components = new Map<string, JsonObject>();
  const nameOf = (id: string, io: 'input' | 'output') =>
    io === 'output' && id === 'RequestSpec' ? `${id}Filled` : id;
  function convert(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const json = z.toJSONSchema(schema, { target: 'openapi-3.0', io, reused: 'inline' }) as JsonObject;
    const { definitions, $defs, ...own } = json;
    for (const [id, definition] of Object.entries({ ...(definitions as object), ...($defs as object) })) {
      if (!components.has(nameOf(id, io))) components.set(nameOf(id, io), relink(definition, io));
    }
    return relink(own, io);
  }
  function relink(node: unknown, io: 'input' | 'output'): JsonObject {
    const text = JSON.stringify(clean(node, io)).replaceAll(
      /"\$ref":"#\/(?:definitions|\$defs|components\/schemas)\/([^"]+)"/g,
      (_all, id: string) => `"$ref":"#/components/schemas/${nameOf(id, io)}"`,
    );
    return JSON.parse(text) as JsonObject;
  }
  return {
    of: convert,
    components: () => Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function headersOf(headers: Readonly<Record<string, string>> | undefined): JsonObject {
  if (headers === undefined) return {};
  return {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, description]) => [
        name,
        { description, schema: { type: 'string' } },
      ]),
    ),
  };
}

function parametersOf(route: Route, schemas: Schemas): JsonObject[] {
  const parameters: JsonObject[] = [];
  for (const [place, object] of [
    ['path', route.params],
    ['query', route.query],
  ] as const) {
    for (const [name, schema] of Object.entries(object?.shape ?? {})) {
      const { description, ...json } = schemas.of(schema as z.ZodType, 'input') as Record<string, unknown>;
      parameters.push({
        name,
        in: place,
        required: place === 'path',
        ...(description === undefined ? {} : { description }),
        schema: json,
      });
    }
  }
  for (const [name, description] of Object.entries(route.headers ?? {})) {
    parameters.push({ name, in: 'header', required: false, description, schema: { type: 'string' } });
  }
  return parameters;
}

function responsesOf(route: Route, schemas: Schemas): JsonObject {
  const { answer, otherAnswers = {} } = route;
  const problems = Object.fromEntries(
    errorStatuses(route).map((status) => [
      status,
      { $ref: `#/components/responses/${errorFormOf(route)}${status}` },
    ]),
  );
  const own = {
    description: answer.description,
    ...headersOf(answer.headers),
    content: {
      [answer.contentType ?? 'application/json']: { schema: schemas.of(answer.schema, 'output') },
    } as Record<string, unknown>,
  };
  if (answer.status === 204) return { 204: { description: own.description }, ...problems };
  const responses: Record<string, JsonObject> = { [answer.status]: own };
  for (const [status, other] of Object.entries(otherAnswers)) {
    const isSecondForm = status === String(answer.status);
    if (isSecondForm && other.contentType !== undefined) {
      own.content[other.contentType] = { schema: { type: 'string' } };
      continue;
    }
    const sameBody = status === '200' || status === '201';
    responses[status] = {
      description: other.description,
      ...headersOf(other.headers),
      ...(other.contentType !== undefined
        ? { content: { [other.contentType]: { schema: { type: 'string', format: 'binary' } } } }
        : sameBody
          ? { content: { 'application/json': { schema: schemas.of(answer.schema, 'output') } } }
          : {}),
    };
  }
  return {
    ...responses,
    ...problems,
    ...(route.query === undefined ? {} : { 431: { $ref: '#/components/responses/TooLong' } }),
  };
}

/** Name of the error's form: routes that only openEO or OAuth has answer in its own, all others with problem details. */
function errorFormOf({ openeo, errors, answer }: Pick<Route, 'openeo' | 'errors' | 'answer'>) {
  if (errors === 'oauth') return 'OauthError';
  if (answer.contentType === HTML) return 'Page';
  return openeo === undefined || openeo === 'shared' ? 'Problem' : 'OpeneoError';
}

const errorForms = {
  Problem: { schema: problem, contentType: 'application/problem+json' },
  OpeneoError: { schema: openeoError, contentType: 'application/json' },
  OauthError: { schema: oauthError, contentType: 'application/json' },
  // What a person can do something about is a page, the rest as everywhere.
  Page: { schema: problem, contentType: 'application/problem+json' },
} as const;

function errorStatuses(route: Route): readonly number[] {
  const notOffered =
    errorFormOf(route) === 'OpeneoError'
      ? [NOT_OFFERED]
      : route.offered === undefined
        ? []
        : [statusOf.Unsupported];
  return [...new Set([...EVERYWHERE, ...notOffered, ...(route.problems ?? [])])];
}

/** The responses that operations refer to: one for each form of error and status. */
function errorComponents(routes: readonly Route[], schemas: Schemas): JsonObject {
  const components = new Map<string, JsonObject>();
  for (const route of routes) {
    const form = errorFormOf(route);
    const { schema, contentType } = errorForms[form];
    for (const status of errorStatuses(route)) {
      if (components.has(`${form}${status}`)) continue;
      components.set(`${form}${status}`, {
        description: problemDescription(status),
        content: {
          [contentType]: { schema: schemas.of(schema, 'output') },
          ...(form === 'Page' ? { [HTML]: { schema: { type: 'string' } } } : {}),
        },
      });
    }
  }
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Why a status comes, from the one mapping of codes. */
function problemDescription(status: number): string {
  if (status === 413) return 'The body is too large (LimitExceeded).';
  if (status === 415) return 'The body is not plain JSON (Unsupported).';
  if (status === NOT_OFFERED) return 'This is not offered here (FeatureUnsupported).';
  const codes = Object.entries(statusOf).flatMap(([code, s]) => (s === status ? [code] : []));
  return `Problem: ${codes.join(' or ')}.`;
}

function operationOf(route: Route, schemas: Schemas): JsonObject {
  const bodySchema = route.document ?? route.body ?? route.form;
  const parameters = parametersOf(route, schemas);
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: route.description,
    ...(route.auth === 'public' ? { security: [] } : { 'x-role': route.auth }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(bodySchema === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              [route.form === undefined ? 'application/json' : FORM_TYPE]: {
                schema: schemas.of(bodySchema, 'input'),
                ...(route.example === undefined ? {} : { example: route.example }),
              },
            },
          },
        }),
    responses: responsesOf(route, schemas),
  };
}

/** OpenAPI 3.0.3 of the route table; the only description there is. */
export function openApiDocument(routes: readonly Route[], baseUrl: string): JsonObject {
  const schemas = collect();
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Swath',
      version: SWATH_VERSION,
      description:
        'Satellite imagery ordered by area, time and band; analysis-ready results back. Errors are RFC 9457 problem details; those of routes that only openEO has are in its form as well.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: baseUrl }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map((r) => r.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      responses: {
        TooLong: {
          description:
            'The address is longer than the server reads. The server itself says so, without a problem document.',
        },
        ...errorComponents(routes, schemas),
      },
      schemas: schemas.components(),
    },
  };
}

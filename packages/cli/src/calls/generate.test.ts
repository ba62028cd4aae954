import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from '@swath/api';
import { describe, expect, it } from 'vitest';
import { answers } from './answers.ts';
import { callsText } from './build.ts';
import { generateCalls } from './generate.ts';
import { type Calls, places } from './generated.ts';
import { schemaType } from './schema-type.ts';

describe('the calls of the command', () => {
  it('are generated from the OpenAPI document as it is (else: npm run build:calls)', () => {
    expect(readFileSync(join(import.meta.dirname, 'generated.ts'), 'utf8')).toBe(callsText());
  });

  it.each(Object.entries(answers))('are checked by the schema the server answers by: %s', (name, schema) => {
    const route = routes.find(({ operationId }) => operationId === name);
    expect(route).toMatchObject(places[name as keyof typeof places]);
    // The very schema, not one that looks like it.
    if (schema === undefined) expect(route?.answer.status).toBe(204);
    else expect(route?.answer.schema === schema).toBe(true);
  });
});

type Created = Calls['createRequest']['input'];
type Listed = Calls['listRequests']['input'];

describe('the types', () => {
  it('hold what goes into a call against the document', () => {
    const created: Created = { body: { pipeline: { index: 'NDVI' } }, headers: { 'Idempotency-Key': 'a' } };
    // @ts-expect-error a pipeline is needed
    const empty: Created = { body: {} };
    // @ts-expect-error there is no such state
    const listed: Listed = { query: { state: 'resting' } };
    // @ts-expect-error there is no such parameter
    const sorted: Listed = { query: { sortby: 'name' } };
    expect([created, empty, listed, sorted]).toHaveLength(4);
  });
});

describe('the generator', () => {
  it.each([
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ type: 'string', nullable: true }, '(string | null)'],
    [{ enum: ["it's", 2, null] }, "('it\\'s' | 2 | null)"],
    [{ $ref: '#/components/schemas/Grid' }, 'Grid'],
    [{ allOf: [{ $ref: '#/components/schemas/Grid' }] }, 'Grid'],
    [{ allOf: [{ $ref: '#/a/A' }, { $ref: '#/a/B' }] }, '(A & B)'],
    [{ anyOf: [{ type: 'number' }, { type: 'number' }, { type: 'string' }] }, '(number | string)'],
    [{ anyOf: [{ type: 'number' }, {}] }, 'unknown'],
    [
      { type: 'array', items: { type: 'array', items: { type: 'number' } } },
      'readonly (readonly number[])[]',
    ],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{ readonly [name: string]: number }'],
    [
      { type: 'object', properties: { 'eo:bands': {}, a: { type: 'boolean' } }, required: ['a'] },
      "{ readonly 'eo:bands'?: unknown | undefined; readonly a: boolean }",
    ],
    [
      {
        type: 'object',
        properties: { type: { type: 'string' } },
        required: ['type'],
        additionalProperties: {},
      },
      '{ readonly type: string; readonly [name: string]: unknown }',
    ],
    [{}, 'unknown'],
  ])('gives %j a type', (schema, type) => {
    expect(schemaType(schema)).toBe(type);
  });

  it('says of a call what it takes and gives', () => {
    const document = {
      paths: {
        '/things/{id}': {
          put: {
            operationId: 'putThing',
            summary: 'Not the end: */',
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
              { name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } },
            ],
            requestBody: {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
            },
            responses: { 204: { description: 'Kept.' }, 400: {} },
          },
        },
      },
      components: { schemas: { Thing: { type: 'object', properties: { a: { type: 'string' } } } } },
    };
    const text = generateCalls(document);
    expect(text).toContain('export type Thing = { readonly a?: string | undefined };');
    expect(text).toContain('/** Not the end: * / */');
    expect(text).toContain(
      "putThing: { readonly input: { readonly params: { readonly id: string }; readonly headers?: { readonly 'If-Match'?: string | undefined }; readonly body: Thing }; readonly answer: undefined };",
    );
    expect(text).toContain("putThing: { method: 'PUT', path: '/things/{id}' },");
  });
});

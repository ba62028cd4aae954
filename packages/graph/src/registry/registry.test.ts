import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../../test/support/shared.ts';
import { decodeValue } from '../values/decode.ts';
import { checkOf } from './conform.ts';
import { processesPage } from './page.fixture.ts';
import { processDefinitions, registry } from './registry.ts';
import { schemasOf } from './schema.ts';

/** `process` of the openEO API 1.2, as far as `/processes` uses it. */
const jsonSchema = { anyOf: [{ type: 'object' }, { type: 'array', minItems: 1, items: { type: 'object' } }] };
const processFormat = {
  type: 'object',
  required: ['id', 'description', 'parameters', 'returns'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^\\w+$' },
    summary: { type: 'string', maxLength: 60 },
    description: { type: 'string', minLength: 1 },
    categories: { type: 'array', minItems: 1, items: { type: 'string' } },
    parameters: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'description', 'schema'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', pattern: '^\\w+$' },
          description: { type: 'string', minLength: 1 },
          schema: jsonSchema,
          optional: { type: 'boolean' },
          default: {},
        },
      },
    },
    returns: {
      type: 'object',
      required: ['description', 'schema'],
      properties: { description: { type: 'string' }, schema: jsonSchema },
    },
    exceptions: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['message'],
        properties: { message: { type: 'string' } },
      },
    },
    experimental: { type: 'boolean' },
  },
};

const specs = sharedPath('data', '04-openeo', 'process-specs');
if (specs === undefined) console.warn('skipped: no shared data');

describe('the list of processes', () => {
  it('has the format of openEO', () => {
    const validate = new Ajv({ allErrors: true }).compile(processFormat);
    for (const process of processDefinitions()) {
      expect(validate(JSON.parse(JSON.stringify(process))) ? [] : [process.id, validate.errors]).toEqual([]);
    }
  });

  it('has every process once, sorted, with defaults that fit their own schemas', () => {
    const definitions = processDefinitions();
    expect(definitions.map(({ id }) => id)).toEqual([...new Set(definitions.map(({ id }) => id))].sort());
    expect(definitions.length).toBe(registry.size);
    for (const { id, parameters } of definitions) {
      for (const parameter of parameters) {
        if (parameter.default === undefined || parameter.default === null) continue;
        expect([id, parameter.name, checkOf(parameter.schema)(decodeValue(parameter.default))]).toEqual([
          id,
          parameter.name,
          true,
        ]);
      }
    }
  });

  it('is what the page says', async () => {
    await expect(processesPage()).toMatchFileSnapshot(
      resolve(import.meta.dirname, '../../../../docs/openeo-processes.md'),
    );
  });
});

describe.skipIf(specs === undefined)('definitions next to the official ones', () => {
  const officialOf = (
    id: string,
  ): { parameters: { name: string; optional?: boolean; schema: unknown }[]; description: string } => {
    const file = ['', 'proposals/']
      .map((folder) => `${specs}/${folder}${id}.json`)
      .find((path) => read(path) !== undefined);
    return JSON.parse(read(file ?? '') ?? '{"parameters":[],"description":""}');
  };

  function read(path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  }

  it('have the same parameters in the same order, and may leave out the same', () => {
    for (const { id, parameters } of processDefinitions()) {
      const names = (list: readonly { name: string; optional?: boolean }[]) =>
        list.map(({ name, optional }) => [name, optional === true]);
      expect([id, names(parameters)]).toEqual([id, names(officialOf(id).parameters)]);
    }
  });

  it('give callbacks the same parameters', () => {
    const callbackOf = (schema: unknown) =>
      schemasOf(schema as never)
        .flatMap(({ parameters }) => parameters ?? [])
        .map(({ name }) => name);
    for (const { id, parameters } of processDefinitions()) {
      const official = officialOf(id).parameters;
      for (const [i, { name, schema }] of parameters.entries()) {
        expect([id, name, callbackOf(schema)]).toEqual([id, name, callbackOf(official[i]?.schema)]);
      }
    }
  });

  it('are in words of our own', () => {
    for (const { id, description } of processDefinitions())
      expect(officialOf(id).description).not.toContain(description);
  });
});

import { field, isJson, type Json, literal, schemaType } from './schema-type.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

const head = `// Made by "npm run build:calls" from the OpenAPI document of the route table. A test keeps it fresh; nobody edits it.
`;

/** The text in lines of a comment, with nothing in it that ends one. */
const comment = (text: unknown, indent: string): string =>
  typeof text === 'string' ? `${indent}/** ${text.replaceAll('*/', '* /').replaceAll('\n', ' ')} */\n` : '';

function parametersIn(operation: Json, place: string): string | undefined {
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isJson) : [];
  const fields = parameters
    .filter((one) => one['in'] === place)
    .map(({ name, required, schema }) =>
      field(String(name), schemaType(schema), required === true ? 'required' : 'optional'),
    );
  return fields.length === 0 ? undefined : `{ ${fields.join('; ')} }`;
}

const jsonOf = (holder: unknown): unknown => {
  const content = isJson(holder) ? holder['content'] : undefined;
  const types = isJson(content) ? content : {};
  const json = types['application/json'] ?? types['application/geo+json'];
  return isJson(json) ? json['schema'] : undefined;
};

function inputOf(operation: Json): string {
  const body = jsonOf(operation['requestBody']);
  const parts = [
    ['params', parametersIn(operation, 'path'), ''],
    ['query', parametersIn(operation, 'query'), '?'],
    ['headers', parametersIn(operation, 'header'), '?'],
    ['body', body === undefined ? undefined : schemaType(body), ''],
  ] as const;
  const fields = parts.flatMap(([name, type, mark]) =>
    type === undefined ? [] : [`readonly ${name}${mark}: ${type}`],
  );
  return fields.length === 0 ? 'Nothing' : `{ ${fields.join('; ')} }`;
}

/** Of the first good status; undefined without a body, unknown where it is no JSON. */
function answerOf(operation: Json): string {
  const responses = isJson(operation['responses']) ? operation['responses'] : {};
  const status = Object.keys(responses).find((one) => one.startsWith('2')) ?? '';
  const answer = responses[status];
  if (!isJson(answer) || answer['content'] === undefined) return 'undefined';
  return schemaType(jsonOf(answer));
}

/**
 * A client's view of an OpenAPI 3.0 document: a type for each component, and by operationId what a call takes and gives
 * (`Calls`) and where it goes (`places`).
 */
export function generateCalls(document: Json): string {
  const { components, paths } = document;
  const schemas = isJson(components) && isJson(components['schemas']) ? components['schemas'] : {};
  const types = Object.entries(schemas).map(([name, schema]) => {
    const description = isJson(schema) ? schema['description'] : undefined;
    return `${comment(description, '')}export type ${name} = ${schemaType(schema)};\n`;
  });
  const calls: string[] = [];
  const places: string[] = [];
  for (const [path, item] of Object.entries(isJson(paths) ? paths : {})) {
    for (const [method, operation] of Object.entries(isJson(item) ? item : {})) {
      if (!METHODS.includes(method) || !isJson(operation)) continue;
      const { operationId, summary } = operation;
      const id = String(operationId);
      calls.push(
        `${comment(summary, '  ')}  readonly ${id}: { readonly input: ${inputOf(operation)}; readonly answer: ${answerOf(operation)} };\n`,
      );
      places.push(`  ${id}: { method: ${literal(method.toUpperCase())}, path: ${literal(path)} },\n`);
    }
  }
  return [
    head,
    'type Nothing = { readonly [name: string]: never };\n',
    ...types,
    '/** By operationId: what a call takes, and the JSON it gives. */',
    `export interface Calls {\n${calls.join('')}}\n`,
    '/** By operationId: where a call goes. */',
    `export const places = {\n${places.join('')}} as const satisfies { readonly [Id in keyof Calls]: { readonly method: string; readonly path: string } };\n`,
  ].join('\n');
}

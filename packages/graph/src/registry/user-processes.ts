import type { ProcessDocument } from '../graph/model.ts';
import { parseProcess } from '../graph/parse.ts';
import { isJsonObject, own } from '../values/decode.ts';
import type { Process, ProcessParameter } from './definition.ts';
import { type Registry, registry } from './registry.ts';
import type { Schema } from './schema.ts';

/** Processes of users by id, parsed. */
export type UserProcesses = ReadonlyMap<string, ProcessDocument>;

const anything: Schema = {};

/** Schemas of users are JSON Schema at large: only what the registry's own say is taken from them. */
function schemaOf(value: unknown): Schema {
  if (!isJsonObject(value)) return anything;
  const [type, subtype] = [own(value, 'type'), own(value, 'subtype')];
  const known = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;
  const named = known.find((name) => name === type);
  if (named === undefined || typeof subtype === 'string') return anything;
  return { type: named };
}

function parameterOf(value: unknown): ProcessParameter | undefined {
  if (!isJsonObject(value)) return undefined;
  const [name, description, fallback] = [
    own(value, 'name'),
    own(value, 'description'),
    own(value, 'default'),
  ];
  if (typeof name !== 'string') return undefined;
  const isOptional = own(value, 'optional') === true || fallback !== undefined;
  const schema = own(value, 'schema');
  return {
    name,
    description: typeof description === 'string' ? description : name,
    schema: Array.isArray(schema) ? schema.map(schemaOf) : schemaOf(schema),
    ...(isOptional ? { optional: true as const } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function processOf(id: string, document: unknown): Process {
  const parameters = isJsonObject(document) ? own(document, 'parameters') : undefined;
  return {
    id,
    summary: '',
    description: 'A process of the user.',
    categories: [],
    parameters: (Array.isArray(parameters) ? parameters : []).flatMap((one) => parameterOf(one) ?? []),
    returns: { description: '', schema: anything },
    exceptions: [],
    isUsers: true,
  };
}

/**
 * The registry with user-defined processes, for `validateProcess`. Predefined processes win: an id of theirs is not taken.
 * @param documents by id, as `PUT /process_graphs/{id}` stores them.
 */
export function extendRegistry(
  documents: ReadonlyMap<string, unknown>,
  processes: Registry = registry,
): Registry {
  const added = [...documents].filter(([id]) => !processes.has(id));
  return new Map([...processes, ...added.map(([id, document]) => [id, processOf(id, document)] as const)]);
}

/** The same, for `expandProcess`. @throws SwathError as `parseProcess`. */
export function parseUserProcesses(documents: ReadonlyMap<string, unknown>): UserProcesses {
  return new Map([...documents].map(([id, document]) => [id, { ...parseProcess(document), id }]));
}

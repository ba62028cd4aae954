import { type Schema, schemasOf } from '../registry/schema.ts';

/** Sorts of values that can be told apart before anything runs. */
type Sort = 'array' | 'boolean' | 'cube' | 'graph' | 'null' | 'number' | 'object' | 'string';

const sortsOfType: Readonly<Record<string, Sort>> = {
  array: 'array',
  boolean: 'boolean',
  integer: 'number',
  null: 'null',
  number: 'number',
  string: 'string',
};

/** Undefined where it may be anything. */
function sortsOf(schema: Schema): ReadonlySet<Sort> | undefined {
  if (schema.anyOf !== undefined) return union(schema.anyOf);
  if (schema.type === undefined) return undefined;
  const types = [schema.type].flat();
  return new Set(
    types.map((type) => {
      if (type !== 'object') return sortsOfType[type]!;
      return schema.subtype === 'datacube' ? 'cube' : schema.subtype === 'process-graph' ? 'graph' : 'object';
    }),
  );
}

function union(schemas: readonly Schema[]): ReadonlySet<Sort> | undefined {
  const all = new Set<Sort>();
  for (const schema of schemas) {
    const sorts = sortsOf(schema);
    if (sorts === undefined) return undefined;
    for (const sort of sorts) all.add(sort);
  }
  return all;
}

const names: Readonly<Record<Sort, string>> = {
  array: 'an array',
  boolean: 'a boolean',
  cube: 'a data cube',
  graph: 'a process graph',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

const listed = (sorts: ReadonlySet<Sort>): string => [...sorts].map((sort) => names[sort]).join(' or ');

/**
 * Why no value of one schema can fit another: `it needs a data cube, and gets a number or null`; undefined when one may.
 */
export function disagreement(
  wanted: Schema | readonly Schema[],
  given: Schema | readonly Schema[],
): string | undefined {
  const [takes, gives] = [union(schemasOf(wanted)), union(schemasOf(given))];
  if (takes === undefined || gives === undefined || !takes.isDisjointFrom(gives)) return undefined;
  return `it needs ${listed(takes)}, and gets ${listed(gives)}`;
}

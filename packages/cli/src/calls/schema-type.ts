/** JSON with names, as an OpenAPI document has it. */
export type Json = { readonly [name: string]: unknown };

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A property's name, quoted where TypeScript wants it. */
export const fieldName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name));

export function literal(value: unknown): string {
  return typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : JSON.stringify(value);
}

/** Members in their order, each once. */
function union(members: readonly string[], by: '|' | '&' = '|'): string {
  const once = [...new Set(members)];
  if (once.includes('unknown') && by === '|') return 'unknown';
  return once.length === 1 ? (once[0] ?? 'unknown') : `(${once.join(` ${by} `)})`;
}

/** What is optional may be undefined, too: JSON leaves it out. */
export function field(name: string, type: string, presence: 'required' | 'optional'): string {
  return presence === 'required'
    ? `readonly ${fieldName(name)}: ${type}`
    : `readonly ${fieldName(name)}?: ${type} | undefined`;
}

function objectType({ properties, required, additionalProperties: more }: Json): string {
  const names = listOf(required);
  const fields = Object.entries(isJson(properties) ? properties : {}).map(([name, schema]) =>
    field(name, schemaType(schema), names.includes(name) ? 'required' : 'optional'),
  );
  if (fields.length === 0) {
    return `{ readonly [name: string]: ${isJson(more) ? schemaType(more) : 'unknown'} }`;
  }
  // Beside named fields others may be anything: an index signature has to hold for the named ones, too.
  if (more === true || isJson(more)) fields.push('readonly [name: string]: unknown');
  return `{ ${fields.join('; ')} }`;
}

/**
 * The TypeScript type of a schema of OpenAPI 3.0, in one line. Bounds, patterns and formats have no type: the server checks
 * them. What it does not know is `unknown`, never `any`.
 */
export function schemaType(schema: unknown): string {
  if (!isJson(schema)) return 'unknown';
  const { $ref, allOf, anyOf, oneOf, enum: values, type, nullable, items } = schema;
  const orNull = (text: string) => (nullable === true && text !== 'unknown' ? union([text, 'null']) : text);
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if (Array.isArray(values)) return union(values.map(literal));
  if (Array.isArray(allOf)) return orNull(union(allOf.map(schemaType), '&'));
  const either = anyOf ?? oneOf;
  if (Array.isArray(either)) return orNull(union(either.map(schemaType)));
  if (type === 'integer' || type === 'number') return orNull('number');
  if (type === 'string' || type === 'boolean') return orNull(type);
  if (type === 'array') return orNull(`readonly ${arrayItem(items)}[]`);
  if (type === 'object') return orNull(objectType(schema));
  return 'unknown';
}

const arrayItem = (items: unknown): string => {
  const text = schemaType(items);
  return text.startsWith('readonly ') ? `(${text})` : text;
};

/** The part of JSON Schema that process definitions use, with the subtypes of openEO. */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[];
  readonly subtype?: string;
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema & { readonly default?: unknown }>>;
  /** Of a process graph: what it may refer to by `from_parameter`. */
  readonly parameters?: readonly CallbackParameter[];
  readonly returns?: { readonly description: string; readonly schema: Schema };
  /** Of a data cube: dimensions it must have. */
  readonly dimensions?: readonly { readonly type: string; readonly axis?: readonly string[] }[];
}

export type SchemaType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string';

export interface CallbackParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema | readonly Schema[];
  readonly optional?: true;
  readonly default?: unknown;
}

export const anything: Schema = { description: 'Any value.' };
export const aNumber: Schema = { type: 'number' };
export const anInteger: Schema = { type: 'integer' };
export const aCount: Schema = { type: 'integer', minimum: 0 };
export const aBoolean: Schema = { type: 'boolean' };
export const aText: Schema = { type: 'string' };
export const aTextOrNull: Schema = { type: ['string', 'null'] };
export const numberOrNull: Schema = { type: ['number', 'null'] };
export const integerOrNull: Schema = { type: ['integer', 'null'] };
export const booleanOrNull: Schema = { type: ['boolean', 'null'] };
export const scalarOrNull: Schema = { type: ['number', 'boolean', 'string', 'null'] };
export const aLabel: Schema = { type: ['number', 'string'] };
export const anArray: Schema = { type: 'array', items: anything };
export const numberList: Schema = { type: 'array', items: numberOrNull };
export const booleanList: Schema = { type: 'array', items: booleanOrNull };
export const labelList: Schema = { type: 'array', uniqueItems: true, items: aLabel };
export const textList: Schema = { type: 'array', items: aText };
export const aCube: Schema = { type: 'object', subtype: 'datacube' };
export const geoJson: Schema = { type: 'object', subtype: 'geojson' };

const spatial = { type: 'spatial', axis: ['x', 'y'] } as const;
export const spatialCube: Schema = { ...aCube, dimensions: [spatial] };
export const bandCube: Schema = { ...aCube, dimensions: [{ type: 'bands' }] };
export const spatialBandCube: Schema = { ...aCube, dimensions: [spatial, { type: 'bands' }] };
export const temporalCube: Schema = { ...aCube, dimensions: [{ type: 'temporal' }] };

export const aDate: Schema = { type: 'string', format: 'date', subtype: 'date' };
export const aDateTime: Schema = { type: 'string', format: 'date-time', subtype: 'date-time' };
export const aTime: Schema = { type: 'string', format: 'time', subtype: 'time' };

export const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });

const contextParameter: CallbackParameter = {
  name: 'context',
  description: 'What the caller gave as context.',
  schema: anything,
  optional: true,
  default: null,
};

/** A process graph as argument: what it is given, and what it must give back. */
export function callbackOf(
  parameters: readonly (readonly [name: string, description: string, schema: Schema])[],
  returns: Schema,
  description = 'The value that takes the place.',
): Schema {
  return {
    type: 'object',
    subtype: 'process-graph',
    parameters: [
      ...parameters.map(([name, text, schema]) => ({ name, description: text, schema })),
      contextParameter,
    ],
    returns: { description, schema: returns },
  };
}

/** Many values in, one out. */
export const aReducer: Schema = callbackOf(
  [
    [
      'data',
      'The values, with the labels of the dimension.',
      { type: 'array', subtype: 'labeled-array', items: anything },
    ],
  ],
  anything,
);

export const schemasOf = (schema: Schema | readonly Schema[]): readonly Schema[] =>
  Array.isArray(schema) ? (schema as readonly Schema[]) : [schema as Schema];

import { numberOf } from '../values/decode.ts';
import { isArray, isLabelled, isPlainObject, kindOf, type Value, type ValueKind } from '../values/value.ts';
import { type Schema, type SchemaType, schemasOf } from './schema.ts';

/** Whether a value fits, decided once for a schema and used for every call. */
export type Check = (value: Value) => boolean;

const names: Readonly<Record<ValueKind, string>> = {
  null: 'null',
  boolean: 'a boolean',
  number: 'a number',
  string: 'a text',
  temporal: 'a date',
  array: 'an array',
  labelled: 'a labelled array',
  cube: 'a data cube',
  callback: 'a process graph',
  object: 'an object',
};

const typeNames: Readonly<Record<SchemaType, string>> = {
  array: 'an array',
  boolean: 'a boolean',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

const typesOf = (schema: Schema): readonly SchemaType[] | undefined =>
  schema.type === undefined ? undefined : ([schema.type].flat() as SchemaType[]);

function typeFits(type: SchemaType, valueKind: ValueKind, value: Value): boolean {
  switch (type) {
    case 'array':
      return valueKind === 'array' || valueKind === 'labelled';
    case 'object':
      return valueKind === 'object' || valueKind === 'cube' || valueKind === 'callback';
    case 'string':
      return valueKind === 'string' || valueKind === 'temporal';
    case 'integer':
      return Number.isInteger(value);
    default:
      return valueKind === type;
  }
}

function subtypeFits(subtype: string | undefined, valueKind: ValueKind): boolean {
  if (subtype === 'datacube') return valueKind === 'cube';
  if (subtype === 'process-graph') return valueKind === 'callback';
  return valueKind !== 'cube' && valueKind !== 'callback';
}

const geoJsonTypes: ReadonlySet<unknown> = new Set([
  'Feature',
  'FeatureCollection',
  'GeometryCollection',
  'LineString',
  'MultiLineString',
  'MultiPoint',
  'MultiPolygon',
  'Point',
  'Polygon',
]);

function boundsFit(schema: Schema): Check {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  return (value) => typeof value !== 'number' || !(value < minimum || value > maximum);
}

function itemsFit(schema: Schema): Check {
  const item = schema.items === undefined ? undefined : checkOf(schema.items);
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  return (value) => {
    const items = isArray(value) ? value : isLabelled(value) ? value.values : undefined;
    if (items === undefined) return true;
    if (items.length < minItems || items.length > maxItems) return false;
    if (schema.uniqueItems === true && new Set(items).size !== items.length) return false;
    return item === undefined || items.every(item);
  };
}

function propertiesFit(schema: Schema): Check {
  const needed = schema.required ?? [];
  const checks = Object.entries(schema.properties ?? {}).map(([key, part]) => [key, checkOf(part)] as const);
  return (value) => {
    if (!isPlainObject(value)) return true;
    if (needed.some((key) => !Object.hasOwn(value, key))) return false;
    return checks.every(([key, check]) => !Object.hasOwn(value, key) || check(value[key] ?? null));
  };
}

function singleCheck(schema: Schema): Check {
  const types = typesOf(schema);
  const parts: Check[] = [];
  if (types !== undefined) {
    parts.push((value) => {
      const valueKind = kindOf(value);
      return types.some((type) => typeFits(type, valueKind, value));
    });
    if (types.includes('object'))
      parts.push(
        (value) => typeof value !== 'object' || value === null || subtypeFits(schema.subtype, kindOf(value)),
      );
  }
  if (schema.subtype === 'geojson') {
    parts.push((value) => isPlainObject(value) && geoJsonTypes.has(value['type']));
  }
  if (schema.enum !== undefined) {
    const allowed: ReadonlySet<unknown> = new Set(schema.enum);
    parts.push((value) => allowed.has(value));
  }
  if (schema.const !== undefined) parts.push((value) => value === schema.const);
  if (schema.minimum !== undefined || schema.maximum !== undefined) parts.push(boundsFit(schema));
  if (types?.includes('array') === true) parts.push(itemsFit(schema));
  if (schema.required !== undefined || schema.properties !== undefined) parts.push(propertiesFit(schema));
  if (schema.anyOf !== undefined) {
    const options = schema.anyOf.map(checkOf);
    parts.push((value) => options.some((option) => option(value)));
  }
  const [only] = parts;
  if (only === undefined) return () => true;
  return parts.length === 1 ? only : (value) => parts.every((part) => part(value));
}

/** The check of a schema, or of several of which one must fit. */
export function checkOf(schema: Schema | readonly Schema[]): Check {
  const checks = schemasOf(schema).map(singleCheck);
  const [only] = checks;
  return checks.length === 1 && only !== undefined ? only : (value) => checks.some((check) => check(value));
}

function schemaName(schema: Schema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  if (schema.subtype === 'datacube') return 'a data cube';
  if (schema.subtype === 'process-graph') return 'a process graph';
  if (schema.subtype === 'geojson') return 'GeoJSON';
  if (schema.anyOf !== undefined) return schema.anyOf.map(schemaName).join(' or ');
  const types = typesOf(schema);
  if (types === undefined) return 'anything';
  const text = types.map((type) => typeNames[type]).join(' or ');
  const items = schema.items === undefined ? 'anything' : schemaName(schema.items);
  const of = types.includes('array') && items !== 'anything' ? ` with ${items} in every place` : '';
  const fields = schema.required === undefined ? '' : ` with ${schema.required.join(', ')}`;
  const least = schema.minimum === undefined ? '' : ` of at least ${schema.minimum}`;
  return `${text}${of}${fields}${least}`;
}

/** `it must be a number or null, and is a text`. */
export function mismatchText(schema: Schema | readonly Schema[], value: Value): string {
  const wanted = [...new Set(schemasOf(schema).map(schemaName))].join(', or ');
  return `it must be ${wanted}, and is ${names[kindOf(value)]}`;
}

/**
 * "NaN", "Infinity" and "-Infinity" as numbers, in arrays too: JSON has no other way to write them, and where texts do not fit
 * nothing else can be meant.
 */
export function withNumbers(value: Value): Value {
  if (typeof value === 'string') return numberOf(value) ?? value;
  return isArray(value) ? value.map(withNumbers) : value;
}

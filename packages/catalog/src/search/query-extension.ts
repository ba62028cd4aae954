import { SwathError } from '@swath/core';
import type { Operation } from '../cql2/ast.ts';
import { MAX_FIELDS } from '../limits.ts';

/** Operators of the Query extension that have one of CQL2, spelled as there. */
const comparisons: ReadonlyMap<string, string> = new Map([
  ['eq', '='],
  ['neq', '<>'],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
]);

/** Patterns of LIKE: what the text holds of `%`, `_` and the backslash stands for itself. */
const patterns: ReadonlyMap<string, (text: string) => string> = new Map([
  ['startsWith', (text) => `${text}%`],
  ['endsWith', (text) => `%${text}`],
  ['contains', (text) => `%${text}%`],
]);

const literal = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/**
 * `{"eo:cloud_cover": {"lt": 20}}` as cql2-json. The Query extension is older than filters, and what most scripts for
 * Earth Search and Planetary Computer are written in.
 *
 * https://github.com/stac-api-extensions/query
 * @throws SwathError InvalidInput with a pointer to the property or the operator.
 */
export function filterOfQuery(query: unknown): Operation | undefined {
  if (!isObject(query)) {
    throw refuse([], 'A query is an object.', 'Send {"eo:cloud_cover": {"lt": 20}}, or a filter.');
  }
  const properties = Object.entries(query);
  if (properties.length > MAX_FIELDS) {
    throw refuse(
      [],
      `The query has ${properties.length} properties; at most ${MAX_FIELDS}.`,
      'Send a filter.',
    );
  }
  const args = properties.flatMap(([property, conditions]) => {
    if (!isObject(conditions)) {
      throw refuse(
        [property],
        `The query of "${property.slice(0, 60)}" has no operator.`,
        `Send {"${property.slice(0, 60)}": {"eq": ...}}.`,
      );
    }
    return Object.entries(conditions).map(([operator, value]) => conditionOf(property, operator, value));
  });
  return args.length === 0 ? undefined : { op: 'and', args };
}

function conditionOf(property: string, operator: string, value: unknown): Operation {
  const left = { property };
  const comparison = comparisons.get(operator);
  if (comparison !== undefined) {
    if (isScalar(value)) return compared(comparison, property, value);
    throw refuse(
      [property, operator],
      `"${operator}" compares with one value.`,
      'Send a number, a text, true or false.',
    );
  }
  if (operator === 'in') {
    if (Array.isArray(value) && value.every(isScalar)) return { op: 'in', args: [left, value] };
    throw refuse([property, operator], '"in" wants a list of values.', 'Send a list of numbers or texts.');
  }
  const pattern = patterns.get(operator);
  if (pattern === undefined) {
    throw refuse(
      [property, operator],
      `A query has no operator "${operator.slice(0, 40)}".`,
      `Use one of ${[...comparisons.keys(), 'in', ...patterns.keys()].join(', ')}.`,
    );
  }
  if (typeof value === 'string') return { op: 'like', args: [left, pattern(literal(value))] };
  throw refuse([property, operator], `"${operator}" compares with a text.`, 'Send a text.');
}

/** pystac-client writes `query=["eo:cloud_cover<10"]` as `{"lt": "10"}`: a text that is a number is both. */
function compared(op: string, property: string, value: Scalar): Operation {
  const asText: Operation = { op, args: [{ property }, value] };
  if (typeof value !== 'string' || !/^[+-]?\d+(\.\d+)?$/.test(value)) return asText;
  return { op: 'or', args: [asText, { op, args: [{ property }, Number(value)] }] };
}

type Scalar = string | number | boolean;
const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function refuse(path: readonly string[], message: string, fix: string): SwathError {
  const pointer = ['query', ...path]
    .map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
  return new SwathError('InvalidInput', message, { pointer, fix });
}

import { MAX_FILTER_DEPTH, MAX_FILTER_NODES } from '../limits.ts';
import type { Expression, IntervalEnd, IntervalLiteral, Operation } from './ast.ts';
import { readBboxJson, readGeometryJson } from './geometry-json.ts';
import { isStandardName, standardName } from './operators.ts';
import { refuseAt } from './refuse.ts';
import { isDateText, readTimestamp } from './temporal-text.ts';

type JsonObject = Readonly<Record<string, unknown>>;

interface Reader {
  nodes: number;
  vertices: number;
}

/**
 * cql2-json. Operators of earlier drafts (`eq`, `a_contained_by`, `{"eq": [...]}`) are read as those of today.
 * @param pointer where the filter lies in the request's body.
 * @throws InvalidInput with the JSON pointer of what is wrong.
 */
export function parseJson(json: unknown, pointer = '/filter'): Expression {
  return read({ nodes: 0, vertices: 0 }, json, pointer, 0);
}

function read(reader: Reader, json: unknown, pointer: string, depth: number): Expression {
  reader.nodes += 1;
  if (reader.nodes > MAX_FILTER_NODES) {
    throw refuseAt(pointer, `The filter has more than ${MAX_FILTER_NODES} parts.`);
  }
  if (depth > MAX_FILTER_DEPTH) {
    throw refuseAt(pointer, `The filter is nested deeper than ${MAX_FILTER_DEPTH} levels.`);
  }
  if (typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') {
    if (Number.isFinite(json)) return json;
    throw refuseAt(pointer, 'The number is too large.');
  }
  if (Array.isArray(json)) {
    return json.map((item, index) => read(reader, item, `${pointer}/${index}`, depth + 1));
  }
  if (typeof json !== 'object' || json === null) {
    throw refuseAt(pointer, 'null is no value of a filter.', 'Ask with {"op": "isNull", "args": [...]}.');
  }
  return readObject(reader, json as JsonObject, pointer, depth);
}

function readObject(reader: Reader, json: JsonObject, pointer: string, depth: number): Expression {
  if ('op' in json) return readOperation(reader, json, pointer, depth);
  if ('property' in json) {
    const property = json['property'];
    if (typeof property === 'string' && property !== '') return { property };
    throw refuseAt(`${pointer}/property`, 'The name of a property is a text.');
  }
  if ('date' in json) {
    const date = json['date'];
    if (typeof date === 'string' && isDateText(date)) return { date };
    throw refuseAt(`${pointer}/date`, 'A date is a text such as "2024-06-01".');
  }
  if ('timestamp' in json) {
    const text = json['timestamp'];
    const timestamp = typeof text === 'string' ? readTimestamp(text) : undefined;
    if (timestamp !== undefined) return { timestamp };
    throw refuseAt(`${pointer}/timestamp`, 'A timestamp is a UTC instant such as "2024-06-01T10:30:00Z".');
  }
  if ('interval' in json) return readInterval(reader, json['interval'], `${pointer}/interval`, depth);
  if ('bbox' in json && !('type' in json)) return readBboxJson(json['bbox'], `${pointer}/bbox`);
  if ('type' in json) return readGeometryJson(reader, json, pointer);
  const former = formerOperation(json);
  if (former !== undefined) return readOperation(reader, former, pointer, depth);
  throw refuseAt(pointer, 'An object here has "op" and "args", or is a property, time or geometry.');
}

/** `{"eq": [a, b]}`, as CQL's first JSON encoding had it. */
function formerOperation(json: JsonObject): JsonObject | undefined {
  const [entry, ...others] = Object.entries(json);
  if (entry === undefined || others.length > 0) return undefined;
  const [op, args] = entry;
  return isStandardName(op) && Array.isArray(args) ? { op, args } : undefined;
}

function readOperation(reader: Reader, json: JsonObject, pointer: string, depth: number): Operation {
  const { op: name, args } = json;
  if (typeof name !== 'string' || name === '') throw refuseAt(`${pointer}/op`, 'The operator is a text.');
  if (!Array.isArray(args)) throw refuseAt(`${pointer}/args`, `The arguments of "${name}" are a list.`);
  const op = standardName(name);
  const operands = args.map((arg, index) => read(reader, arg, `${pointer}/args/${index}`, depth + 1));
  // The first encoding had a plain list where an interval is meant.
  if (name.toLowerCase() === 'anyinteracts') {
    return { op, args: operands.map((arg, index) => asInterval(arg, `${pointer}/args/${index}`)) };
  }
  // So had BETWEEN: `[value, [from, to]]`.
  const [value, bounds] = operands;
  if (op === 'between' && operands.length === 2 && value !== undefined && Array.isArray(bounds)) {
    return { op, args: [value, ...bounds] };
  }
  return { op, args: operands };
}

function asInterval(value: Expression, pointer: string): Expression {
  if (!Array.isArray(value)) return value;
  return readInterval({ nodes: 0, vertices: 0 }, value, pointer, 0);
}

function readInterval(reader: Reader, json: unknown, pointer: string, depth: number): IntervalLiteral {
  if (!Array.isArray(json) || json.length !== 2) throw refuseAt(pointer, 'An interval has two ends.');
  const end = (index: number) => readEnd(reader, json[index], `${pointer}/${index}`, depth + 1);
  return { interval: [end(0), end(1)] };
}

function readEnd(reader: Reader, json: unknown, pointer: string, depth: number): IntervalEnd {
  if (typeof json === 'string') {
    const text = json === '..' || isDateText(json) ? json : readTimestamp(json);
    if (text !== undefined) return text;
    throw refuseAt(pointer, `"${json.slice(0, 40)}" is no date, no UTC instant and not "..".`);
  }
  const value = read(reader, json, pointer, depth);
  if (typeof value === 'object' && ('property' in value || 'op' in value)) return value;
  throw refuseAt(pointer, 'An end of an interval is a text, a property or a function.');
}

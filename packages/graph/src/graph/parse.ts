import { openeoError, quoted } from '../exceptions.ts';
import { MAX_GRAPH_BYTES, MAX_GRAPH_DEPTH, MAX_GRAPH_NODES } from '../limits.ts';
import { otherNames } from '../registry/definition.ts';
import { isJsonObject, type JsonObject, own } from '../values/decode.ts';
import {
  type Argument,
  type DeclaredParameter,
  escapePointer,
  type GraphNode,
  type ProcessDocument,
  type ProcessGraph,
} from './model.ts';

/** What parsing one document has used up. */
interface Budget {
  nodes: number;
}

function malformed(message: string, pointer: string, fix: string): never {
  throw openeoError('ProcessGraphInvalid', message, { pointer, fix });
}

function tooComplex(message: string, pointer: string): never {
  throw openeoError('ProcessGraphComplexity', message, { pointer, fix: 'Split it, or use fewer nodes.' });
}

/** A graph without its `{"process_graph": ...}`: every entry says which process it is. */
function isBareGraph(value: JsonObject): boolean {
  const nodes = Object.values(value);
  return (
    nodes.length > 0 &&
    nodes.every((node) => isJsonObject(node) && typeof own(node, 'process_id') === 'string')
  );
}

const isPrimitive = (value: unknown): boolean => value === null || typeof value !== 'object';

function parseObject(value: JsonObject, pointer: string, depth: number, budget: Budget): Argument {
  const keys = Object.keys(value);
  const [node, parameter] = [
    own(value, 'from_node'),
    own(value, 'from_parameter') ?? own(value, 'from_argument'),
  ];
  if (keys.length === 1 && node !== undefined) {
    if (typeof node !== 'string')
      malformed('from_node is the id of a node.', `${pointer}/from_node`, 'Write it as a text.');
    return { kind: 'node', id: node };
  }
  // from_argument is the name from_parameter had before openEO 1.0; the official test vectors still have it.
  if (keys.length === 1 && parameter !== undefined) {
    if (typeof parameter !== 'string') {
      malformed(
        'from_parameter is the name of a parameter.',
        `${pointer}/from_parameter`,
        'Write it as a text.',
      );
    }
    return { kind: 'parameter', name: parameter };
  }
  const graph = own(value, 'process_graph');
  if (isJsonObject(graph)) {
    return { kind: 'graph', graph: parseNodes(graph, `${pointer}/process_graph`, depth + 1, budget) };
  }
  if (isBareGraph(value)) return { kind: 'graph', graph: parseNodes(value, pointer, depth, budget) };
  if (own(value, 'type') === 'datacube') return { kind: 'literal', value };
  const entries = keys.map(
    (key) => [key, parseArgument(value[key], `${pointer}/${escapePointer(key)}`, depth + 1, budget)] as const,
  );
  if (entries.every(([, argument]) => argument.kind === 'literal')) return { kind: 'literal', value };
  return { kind: 'object', entries: new Map(entries) };
}

function parseArgument(value: unknown, pointer: string, depth: number, budget: Budget): Argument {
  if (isPrimitive(value)) return { kind: 'literal', value };
  if (depth > MAX_GRAPH_DEPTH)
    tooComplex(`The graph is nested over ${MAX_GRAPH_DEPTH} levels deep.`, pointer);
  if (isJsonObject(value)) return parseObject(value, pointer, depth, budget);
  const array = value as readonly unknown[];
  if (array.every(isPrimitive)) return { kind: 'literal', value };
  const items = array.map((item, i) => parseArgument(item, `${pointer}/${i}`, depth + 1, budget));
  if (items.every((item) => item.kind === 'literal')) return { kind: 'literal', value };
  return { kind: 'array', items };
}

function parseNode(id: string, value: unknown, pointer: string, depth: number, budget: Budget): GraphNode {
  if (!isJsonObject(value))
    malformed(`The node ${quoted(id)} is no object.`, pointer, 'Give it a process_id and arguments.');
  const [processId, given, namespace] = [
    own(value, 'process_id'),
    own(value, 'arguments') ?? {},
    own(value, 'namespace'),
  ];
  if (typeof processId !== 'string' || processId === '') {
    malformed(
      `The node ${quoted(id)} does not say which process it is.`,
      `${pointer}/process_id`,
      'Give it a process_id.',
    );
  }
  if (!isJsonObject(given)) {
    malformed(
      `The arguments of the node ${quoted(id)} are no object.`,
      `${pointer}/arguments`,
      'Write {"parameter": value}.',
    );
  }
  const names = Object.hasOwn(otherNames, processId) ? otherNames[processId]! : {};
  const parts = Object.entries(given).map(([name, argument]) => {
    const where = `${pointer}/arguments/${escapePointer(name)}`;
    return [
      (own(names, name) as string | undefined) ?? name,
      parseArgument(argument, where, depth + 2, budget),
    ] as const;
  });
  return {
    id,
    processId,
    namespace: typeof namespace === 'string' && namespace !== 'backend' ? namespace : null,
    arguments: new Map(parts),
    isResult: own(value, 'result') === true,
    pointer,
  };
}

function parseNodes(value: JsonObject, pointer: string, depth: number, budget: Budget): ProcessGraph {
  const entries = Object.entries(value);
  budget.nodes += entries.length;
  if (budget.nodes > MAX_GRAPH_NODES) tooComplex(`The graph has over ${MAX_GRAPH_NODES} nodes.`, pointer);
  if (entries.length === 0)
    malformed('The graph has no node.', pointer, 'Add at least one, with "result": true.');
  const nodes = entries.map(
    ([id, node]) => [id, parseNode(id, node, `${pointer}/${escapePointer(id)}`, depth + 1, budget)] as const,
  );
  return { nodes: new Map(nodes), pointer };
}

function parametersOf(value: unknown, pointer: string): readonly DeclaredParameter[] {
  if (!Array.isArray(value)) return [];
  return value.map((parameter: unknown, i) => {
    const name = isJsonObject(parameter) ? own(parameter, 'name') : undefined;
    if (!isJsonObject(parameter) || typeof name !== 'string') {
      return malformed('A parameter has a name.', `${pointer}/${i}`, 'Give it one.');
    }
    const fallback = own(parameter, 'default') ?? (own(parameter, 'optional') === true ? null : undefined);
    return { name, ...(fallback === undefined ? {} : { fallback }) };
  });
}

/**
 * A process as clients send it: `{"process_graph": {...}, "parameters": [...]}`, the same as `process` of a job, or the nodes
 * alone. Only its shape is looked at: {@link validateDocument} says whether it makes sense. Unknown fields are ignored.
 * @throws SwathError InvalidInput (ProcessGraphMissing, ProcessGraphInvalid) or LimitExceeded (ProcessGraphComplexity), with
 *   the JSON pointer.
 */
export function parseProcess(input: unknown, pointer = ''): ProcessDocument {
  if (!isJsonObject(input)) {
    throw openeoError('ProcessGraphMissing', 'There is no process graph.', {
      pointer,
      fix: 'Send an object with process_graph.',
    });
  }
  const process = own(input, 'process');
  if (isJsonObject(process)) return parseProcess(process, `${pointer}/process`);
  const [graph, id] = [own(input, 'process_graph'), own(input, 'id')];
  if (graph === undefined && !isBareGraph(input)) {
    throw openeoError('ProcessGraphMissing', 'There is no process graph.', {
      pointer,
      fix: 'Send an object with process_graph.',
    });
  }
  const nodes = graph ?? input;
  const where = graph === undefined ? pointer : `${pointer}/process_graph`;
  if (!isJsonObject(nodes))
    malformed('The process graph is no object.', where, 'Write {"id": {"process_id": ...}}.');
  return {
    id: typeof id === 'string' ? id : undefined,
    graph: parseNodes(nodes, where, 1, { nodes: 0 }),
    parameters: graph === undefined ? [] : parametersOf(own(input, 'parameters'), `${pointer}/parameters`),
  };
}

/** One node with the given process and arguments, as a graph. Throws as {@link parseProcess} does. */
export function parseCall(input: unknown): ProcessGraph {
  if (!isJsonObject(input))
    malformed('A call is an object.', '', 'Write {"process_id": ..., "arguments": {...}}.');
  return parseNodes({ call: { ...input, result: true } }, '', 1, { nodes: 0 });
}

/** Refuses texts over the limit of a graph before they are parsed. */
export function checkGraphText(text: string): void {
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes > MAX_GRAPH_BYTES)
    tooComplex(`The graph is ${bytes} bytes of JSON, over the limit of ${MAX_GRAPH_BYTES}.`, '');
}

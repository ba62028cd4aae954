import { isSwathError, type SwathError } from '@swath/core';
import { openeoError, quoted } from '../exceptions.ts';
import { MAX_LITERAL_CELLS } from '../limits.ts';
import { checkOf, mismatchText } from '../registry/conform.ts';
import type { Process, ProcessParameter } from '../registry/definition.ts';
import { findProcess, type Registry, registry, unsupported } from '../registry/registry.ts';
import { type Schema, schemasOf } from '../registry/schema.ts';
import { type CellBudget, decodeValue } from '../values/decode.ts';
import type { Value } from '../values/value.ts';
import {
  type Argument,
  escapePointer,
  type GraphNode,
  type ProcessDocument,
  type ProcessGraph,
  visitArguments,
} from './model.ts';
import { orderOf, resultsOf } from './order.ts';
import { disagreement } from './typing.ts';

/** One thing that is wrong with a graph. */
export interface GraphProblem {
  /** openEO's code: ProcessGraphInvalid, ProcessUnsupported, ProcessParameterRequired, ... */
  readonly code: string;
  readonly message: string;
  /** Id of the node; of a callback's node where it is in one. Undefined for the graph as a whole. */
  readonly node?: string;
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly fix?: string;
}

/** Parameters a callback or graph may refer to, with their schemas; `unknown` leaves references unchecked. */
type Names = ReadonlyMap<string, Schema | readonly Schema[]> | 'unknown';

interface Validation {
  readonly processes: Registry;
  readonly problems: GraphProblem[];
  /** Of the cubes that are written in the graph. */
  readonly cells: CellBudget;
}

function report({ problems }: Validation, error: SwathError, node?: GraphNode): void {
  problems.push({
    code: error.reason ?? error.code,
    message: error.message,
    ...(node === undefined ? {} : { node: node.id }),
    pointer: error.pointer ?? node?.pointer ?? '',
    ...(error.fix === undefined ? {} : { fix: error.fix }),
  });
}

function invalid(message: string, pointer: string, fix: string): SwathError {
  return openeoError('ProcessGraphInvalid', message, { pointer, fix });
}

function checkShape(graph: ProcessGraph, validation: Validation): void {
  const results = resultsOf(graph);
  if (results.length === 0) {
    report(
      validation,
      invalid('The graph has no result node.', graph.pointer, 'Set "result": true in one node.'),
    );
  }
  for (const node of results.slice(1)) {
    const message = `The node ${quoted(node.id)} is a second result, next to ${quoted(results[0]!.id)}.`;
    report(validation, invalid(message, `${node.pointer}/result`, 'Keep "result": true in one node.'), node);
  }
  const { stuck } = orderOf(graph);
  if (stuck.length === 0) return;
  const ids = stuck.slice(0, 10).map(({ id }) => quoted(id));
  const more = stuck.length > ids.length ? ` and ${stuck.length - ids.length} more` : '';
  report(
    validation,
    invalid(`The nodes ${ids.join(', ')}${more} wait for each other.`, stuck[0]!.pointer, 'Break the cycle.'),
    stuck[0],
  );
}

/** What a node gives, as far as it is known. */
function returnsOf(
  graph: ProcessGraph,
  id: string,
  { processes }: Validation,
): Schema | readonly Schema[] | undefined {
  const node = graph.nodes.get(id);
  return node === undefined
    ? undefined
    : findProcess(node.processId, node.namespace, processes)?.returns.schema;
}

function checkReferences(node: GraphNode, graph: ProcessGraph, names: Names, validation: Validation): void {
  for (const [name, argument] of node.arguments) {
    visitArguments(argument, `${node.pointer}/arguments/${escapePointer(name)}`, (part, pointer) => {
      if (part.kind === 'node' && !graph.nodes.has(part.id)) {
        const message = `The node ${quoted(node.id)} refers to ${quoted(part.id)}, which is not in its graph.`;
        report(validation, invalid(message, pointer, 'Refer to a node of the same graph.'), node);
      }
      if (part.kind === 'parameter' && names !== 'unknown' && !names.has(part.name)) {
        const known = [...names.keys()].map(quoted).join(', ') || 'none';
        const message = `The node ${quoted(node.id)} refers to the parameter ${quoted(part.name)}, which does not exist here.`;
        report(
          validation,
          invalid(message, pointer, `There is ${known}; other parameters must be declared.`),
          node,
        );
      }
    });
  }
}

/** The literal as a value; what is wrong with it is reported and gives undefined. */
function literalOf(
  value: unknown,
  pointer: string,
  node: GraphNode,
  validation: Validation,
): Value | undefined {
  try {
    return decodeValue(value, pointer, validation.cells);
  } catch (error) {
    if (!isSwathError(error)) throw error;
    report(validation, error, node);
    return undefined;
  }
}

function checkArgument(
  node: GraphNode,
  process: Process,
  parameter: ProcessParameter,
  argument: Argument,
  context: { readonly graph: ProcessGraph; readonly names: Names; readonly validation: Validation },
): void {
  const { graph, names, validation } = context;
  const pointer = `${node.pointer}/arguments/${escapePointer(parameter.name)}`;
  const refuse = (why: string) =>
    report(
      validation,
      openeoError(
        'ProcessParameterInvalid',
        `The node ${quoted(node.id)} (${process.id}) cannot take this "${parameter.name}": ${why}.`,
        {
          pointer,
          fix: parameter.description,
        },
      ),
      node,
    );
  if (argument.kind === 'literal') {
    const value = literalOf(argument.value, pointer, node, validation);
    const isDefault = value === null && parameter.optional === true;
    if (value !== undefined && !isDefault && !checkOf(parameter.schema)(value))
      refuse(mismatchText(parameter.schema, value));
    return;
  }
  const given = givenSchema(argument, graph, names, validation);
  const why = given === undefined ? undefined : disagreement(parameter.schema, given);
  if (why !== undefined) refuse(why);
}

function givenSchema(
  argument: Argument,
  graph: ProcessGraph,
  names: Names,
  validation: Validation,
): Schema | readonly Schema[] | undefined {
  switch (argument.kind) {
    case 'node':
      return returnsOf(graph, argument.id, validation);
    case 'parameter':
      return names === 'unknown' ? undefined : names.get(argument.name);
    case 'graph':
      return { type: 'object', subtype: 'process-graph' };
    case 'array':
      return { type: 'array' };
    // An object with references may be GeoJSON, a box or options: known only when it runs.
    default:
      return undefined;
  }
}

function checkArguments(
  node: GraphNode,
  process: Process,
  graph: ProcessGraph,
  names: Names,
  validation: Validation,
): void {
  for (const parameter of process.parameters) {
    const argument = node.arguments.get(parameter.name);
    if (argument !== undefined)
      checkArgument(node, process, parameter, argument, { graph, names, validation });
    if (argument !== undefined || parameter.optional === true) continue;
    report(
      validation,
      openeoError(
        'ProcessParameterRequired',
        `The node ${quoted(node.id)} (${process.id}) needs the parameter "${parameter.name}".`,
        {
          pointer: `${node.pointer}/arguments`,
          fix: parameter.description,
        },
      ),
      node,
    );
  }
  for (const name of node.arguments.keys()) {
    if (process.parameters.some((parameter) => parameter.name === name)) continue;
    const known = process.parameters.map((parameter) => parameter.name).join(', ') || 'none';
    const message = `The node ${quoted(node.id)} (${process.id}) has no parameter ${quoted(name)}.`;
    const pointer = `${node.pointer}/arguments/${escapePointer(name)}`;
    report(
      validation,
      openeoError('ProcessParameterUnsupported', message, { pointer, fix: `It has ${known}.` }),
      node,
    );
  }
}

/** What a callback given for this parameter may refer to, on top of what its surroundings may. */
function namesWithin(process: Process | undefined, name: string, outer: Names): Names {
  if (process === undefined || outer === 'unknown') return 'unknown';
  const schemas = process.parameters
    .filter((parameter) => parameter.name === name)
    .flatMap(({ schema }) => schemasOf(schema));
  const callback = schemas.find(({ subtype }) => subtype === 'process-graph');
  if (callback === undefined) return 'unknown';
  const own = (callback.parameters ?? []).map((parameter) => [parameter.name, parameter.schema] as const);
  return new Map([...outer, ...own]);
}

function checkGraph(graph: ProcessGraph, names: Names, validation: Validation): void {
  checkShape(graph, validation);
  for (const node of graph.nodes.values()) {
    const process = findProcess(node.processId, node.namespace, validation.processes);
    if (process === undefined) {
      report(
        validation,
        unsupported(node.processId, node.namespace, node.id, `${node.pointer}/process_id`),
        node,
      );
    } else {
      checkArguments(node, process, graph, names, validation);
    }
    checkReferences(node, graph, names, validation);
    for (const [name, argument] of node.arguments) {
      visitArguments(argument, name, (part) => {
        if (part.kind === 'graph') checkGraph(part.graph, namesWithin(process, name, names), validation);
      });
    }
  }
}

/**
 * Everything that is wrong with a graph, callbacks included, before it costs anything: result nodes, cycles, references,
 * processes that do not exist, arguments that are missing, unknown or of a type that cannot fit. Empty when it may run.
 */
export function validateProcess(
  document: ProcessDocument,
  processes: Registry = registry,
): readonly GraphProblem[] {
  const validation: Validation = { processes, problems: [], cells: { left: MAX_LITERAL_CELLS } };
  const declared = new Map(document.parameters.map(({ name }) => [name, {} as Schema]));
  checkGraph(document.graph, declared, validation);
  return validation.problems;
}

/**
 * A graph that {@link validateProcess} finds nothing wrong with.
 * @throws SwathError with the first problem, and how many there are; Unsupported names every process that is missing.
 */
export function assertValid(document: ProcessDocument, processes: Registry = registry): void {
  const problems = validateProcess(document, processes);
  const [first] = problems;
  if (first === undefined) return;
  const unknown = problems.filter(({ code }) => code === 'ProcessUnsupported');
  const told = unknown.length > 0 ? unknown : [first];
  const rest = problems.length - told.length;
  const more =
    rest === 0 ? '' : ` There ${rest === 1 ? 'is 1 other problem' : `are ${rest} other problems`}.`;
  const isUnsupported = unknown.length > 0;
  throw openeoError(
    isUnsupported ? 'ProcessUnsupported' : (first.code as 'ProcessGraphInvalid'),
    `${told.map(({ message }) => message).join(' ')}${more}`,
    {
      pointer: told[0]!.pointer,
      ...(told[0]!.fix === undefined ? {} : { fix: told[0]!.fix }),
    },
  );
}

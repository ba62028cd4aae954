import { openeoError, quoted } from '../exceptions.ts';
import { MAX_GRAPH_NODES } from '../limits.ts';
import { type Registry, registry } from '../registry/registry.ts';
import type { UserProcesses } from '../registry/user-processes.ts';
import {
  type Argument,
  type GraphNode,
  type ProcessDocument,
  type ProcessGraph,
  visitArguments,
} from './model.ts';
import { neededOrder } from './order.ts';

interface Expansion {
  readonly processes: UserProcesses;
  /** Ids of the user-defined processes we are within. */
  readonly within: readonly string[];
  readonly budget: { nodes: number };
}

/** What the parameters of a user-defined process stand for. */
type Given = ReadonlyMap<string, Argument>;

const none: Given = new Map();

/** An argument as a literal again, when nothing in it refers to anything any more. */
function collapsed(argument: Argument): Argument {
  if (argument.kind === 'array' && argument.items.every(({ kind }) => kind === 'literal')) {
    return {
      kind: 'literal',
      value: argument.items.map((item) => (item.kind === 'literal' ? item.value : null)),
    };
  }
  if (argument.kind === 'object' && [...argument.entries.values()].every(({ kind }) => kind === 'literal')) {
    const entries = [...argument.entries].map(
      ([key, item]) => [key, item.kind === 'literal' ? item.value : null] as const,
    );
    // Keys are the user's: __proto__ is a key like any other.
    return { kind: 'literal', value: Object.fromEntries(entries) };
  }
  return argument;
}

interface Place {
  readonly given: Given;
  readonly rename: (id: string) => string;
  /** Within a callback: nodes around it cannot be seen from there. */
  readonly inCallback: boolean;
  readonly node: GraphNode;
  readonly expansion: Expansion;
}

function substituted(argument: Argument, place: Place): Argument {
  switch (argument.kind) {
    case 'literal':
      return argument;
    case 'node':
      return { kind: 'node', id: place.rename(argument.id) };
    case 'parameter': {
      const value = place.given.get(argument.name);
      if (value === undefined) return argument;
      if (place.inCallback && refersToNodes(value)) {
        throw openeoError(
          'ProcessParameterInvalid',
          `The parameter ${quoted(argument.name)} of a user-defined process is used within a callback, where the result of a node cannot be seen.`,
          { pointer: place.node.pointer, fix: 'Give it a value, or use the parameter outside of callbacks.' },
        );
      }
      return value;
    }
    case 'array':
      return collapsed({ ...argument, items: argument.items.map((item) => substituted(item, place)) });
    case 'object': {
      const entries = [...argument.entries].map(([key, item]) => [key, substituted(item, place)] as const);
      return collapsed({ ...argument, entries: new Map(entries) });
    }
    case 'graph':
      return { kind: 'graph', graph: expandGraph(argument.graph, place.given, 'callback', place.expansion) };
  }
}

function refersToNodes(argument: Argument): boolean {
  if (argument.kind === 'node') return true;
  if (argument.kind === 'array') return argument.items.some(refersToNodes);
  return argument.kind === 'object' && [...argument.entries.values()].some(refersToNodes);
}

function spend({ budget }: Expansion, pointer: string): void {
  budget.nodes += 1;
  if (budget.nodes <= MAX_GRAPH_NODES) return;
  throw openeoError(
    'ProcessGraphComplexity',
    `With its user-defined processes the graph has over ${MAX_GRAPH_NODES} nodes.`,
    { pointer, fix: 'Split it, or use fewer nodes.' },
  );
}

/** The arguments of a call by parameter, defaults filled in. */
function givenTo(node: GraphNode, declared: ProcessDocument['parameters']): Given {
  return new Map(
    declared.map(({ name, fallback }) => {
      const argument = node.arguments.get(name);
      if (argument !== undefined) return [name, argument] as const;
      if (fallback !== undefined) return [name, { kind: 'literal', value: fallback } as const] as const;
      throw openeoError(
        'ProcessParameterRequired',
        `The node ${quoted(node.id)} (${node.processId}) needs the parameter "${name}".`,
        { pointer: `${node.pointer}/arguments`, fix: 'Give it a value.' },
      );
    }),
  );
}

function expandNode(node: GraphNode, expansion: Expansion): readonly GraphNode[] {
  const process =
    node.namespace === null || node.namespace === 'user'
      ? expansion.processes.get(node.processId)
      : undefined;
  if (process === undefined) {
    spend(expansion, node.pointer);
    return [node];
  }
  if (expansion.within.includes(node.processId)) {
    throw openeoError(
      'ProcessGraphInvalid',
      `The process ${quoted(node.processId)} calls itself: ${[...expansion.within, node.processId].join(' > ')}.`,
      { pointer: node.pointer, fix: 'Processes cannot be recursive: break the circle.' },
    );
  }
  const inner = expandGraph(
    process.graph,
    givenTo(node, process.parameters),
    { prefix: `${node.id}/`, as: node },
    { ...expansion, within: [...expansion.within, node.processId] },
  );
  return [...inner.nodes.values()];
}

/**
 * @param role a callback keeps its ids; a process that takes the place of a node gives its result that node's id, and the
 *   others ids below it.
 */
function expandGraph(
  graph: ProcessGraph,
  given: Given,
  role: 'callback' | 'whole' | { readonly prefix: string; readonly as: GraphNode },
  expansion: Expansion,
): ProcessGraph {
  const nodes = new Map<string, GraphNode>();
  const isInlined = typeof role === 'object';
  const { result, nodes: needed } = isInlined ? neededOrder(graph) : { result: undefined, nodes: undefined };
  const rename = (id: string) => (!isInlined ? id : id === result?.id ? role.as.id : `${role.prefix}${id}`);
  for (const node of needed ?? graph.nodes.values()) {
    const place: Place = { given, rename, inCallback: role === 'callback', node, expansion };
    const renamed: GraphNode = {
      ...node,
      id: rename(node.id),
      arguments: new Map([...node.arguments].map(([name, value]) => [name, substituted(value, place)])),
      ...(isInlined ? { isResult: node === result && role.as.isResult, pointer: role.as.pointer } : {}),
    };
    for (const made of expandNode(renamed, expansion)) nodes.set(made.id, made);
  }
  return { nodes, pointer: graph.pointer };
}

/**
 * The document with every call of a user-defined process replaced by its nodes: what is left are processes of the registry.
 * A call's result keeps the id of the call; pointers lead to the call.
 * @throws SwathError ProcessGraphInvalid for a process that calls itself, ProcessParameterRequired, ProcessGraphComplexity.
 */
export function expandProcess(document: ProcessDocument, processes: UserProcesses): ProcessDocument {
  if (processes.size === 0) return document;
  const within = document.id === undefined ? [] : [document.id];
  return {
    ...document,
    graph: expandGraph(document.graph, none, 'whole', { processes, within, budget: { nodes: 0 } }),
  };
}

/** With a value for every parameter that has a default: a document that can run as it is. */
export function withDefaults(document: ProcessDocument): ProcessDocument {
  const given: Given = new Map(
    document.parameters.flatMap(({ name, fallback }) =>
      fallback === undefined ? [] : [[name, { kind: 'literal', value: fallback } as const] as const],
    ),
  );
  if (given.size === 0) return document;
  const expansion: Expansion = { processes: new Map(), within: [], budget: { nodes: 0 } };
  return { ...document, graph: expandGraph(document.graph, given, 'whole', expansion) };
}

/** Ids of processes that a graph names and the registry does not have: those of the user, or of nobody. */
export function unknownProcesses(
  { graph }: Pick<ProcessDocument, 'graph'>,
  processes: Registry = registry,
): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (within: ProcessGraph): void => {
    for (const { processId, arguments: given } of within.nodes.values()) {
      if (!processes.has(processId)) found.add(processId);
      for (const [name, argument] of given) {
        visitArguments(argument, name, (part) => {
          if (part.kind === 'graph') look(part.graph);
        });
      }
    }
  };
  look(graph);
  return found;
}

/** What stands at an argument of a node. Literals are as they came; everything that refers to something is taken apart. */
export type Argument =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'graph'; readonly graph: ProcessGraph }
  | { readonly kind: 'array'; readonly items: readonly Argument[] }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Argument> };

export interface GraphNode {
  readonly id: string;
  readonly processId: string;
  /** Null is ours; anything else names somebody else's processes. */
  readonly namespace: string | null;
  readonly arguments: ReadonlyMap<string, Argument>;
  /** Its value is the value of the graph. */
  readonly isResult: boolean;
  /** JSON pointer to the node. */
  readonly pointer: string;
}

/** Nodes by id, in the order they were written. Maps, because ids are the user's and may be `__proto__`. */
export interface ProcessGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly pointer: string;
}

/** A parameter a process graph declares, to be given when it runs. */
export interface DeclaredParameter {
  readonly name: string;
  /** Undefined where it must be given. */
  readonly fallback?: unknown;
}

/** A graph with what stands around it in a user-defined process. */
export interface ProcessDocument {
  readonly id: string | undefined;
  readonly graph: ProcessGraph;
  readonly parameters: readonly DeclaredParameter[];
}

/** Calls `visit` for every argument within this one, itself included, without entering callbacks. */
export function visitArguments(
  argument: Argument,
  pointer: string,
  visit: (argument: Argument, pointer: string) => void,
): void {
  visit(argument, pointer);
  if (argument.kind === 'array') {
    for (const [i, item] of argument.items.entries()) visitArguments(item, `${pointer}/${i}`, visit);
  }
  if (argument.kind === 'object') {
    for (const [key, item] of argument.entries)
      visitArguments(item, `${pointer}/${escapePointer(key)}`, visit);
  }
}

/** A key as a part of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Ids of the nodes whose values a node uses; its callbacks see them too. */
export function referencesOf(node: GraphNode): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [name, argument] of node.arguments) {
    visitArguments(argument, name, (part) => {
      if (part.kind === 'node') found.add(part.id);
    });
  }
  return found;
}

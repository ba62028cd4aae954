import type { SwathError } from '@swath/core';
import { openeoError, quoted } from '../exceptions.ts';
import {
  type Argument,
  escapePointer,
  type GraphNode,
  type ProcessGraph,
  referencesOf,
} from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { type Check, checkOf } from '../registry/conform.ts';
import type { Process, ProcessParameter } from '../registry/definition.ts';
import { findProcess, type Registry, unsupported } from '../registry/registry.ts';
import { type CellBudget, decodeValue, objectOf } from '../values/decode.ts';
import type { Value } from '../values/value.ts';

/** Where the values of one run of a graph are: a slot for each node, and the parameters around it. */
export interface Frame {
  readonly slots: Value[];
  readonly scope: Scope;
}

/** Parameters by name, inner before outer. */
export interface Scope {
  readonly parameters: Readonly<Record<string, Value>>;
  readonly outer: Scope | undefined;
}

/** Gives the value of an argument in a frame. */
export type Source = (frame: Frame) => Value;

export interface ArgumentStep {
  readonly parameter: ProcessParameter;
  readonly source: Source;
  readonly check: Check;
  readonly fallback: Value;
  readonly pointer: string;
}

export interface Step {
  readonly process: Process;
  readonly node: GraphNode;
  readonly arguments: readonly ArgumentStep[];
  /** What is wrong with the call itself. It is told when the step is reached: a callback over nothing never is. */
  readonly trouble: SwathError | undefined;
  /** Slots that no later step reads. */
  readonly releases: readonly number[];
}

/** A graph made ready to run many times; one step for each node the result needs, in order. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly resultSlot: number;
}

/** Binds a planned callback to the frame it stands in. */
export type Bind = (plan: Plan, frame: Frame) => Value;

interface Planning {
  readonly processes: Registry;
  readonly bind: Bind;
  readonly cells: CellBudget;
  readonly slots: ReadonlyMap<string, number>;
}

const missing: Source = () => null;

function parameterSource(name: string, pointer: string): Source {
  return ({ scope }) => {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      if (Object.hasOwn(at.parameters, name)) return at.parameters[name]!;
    }
    throw openeoError('ProcessGraphInvalid', `There is no parameter ${quoted(name)} here.`, {
      pointer,
      fix: 'Use one that the process around it gives, or declare it.',
    });
  };
}

function sourceOf(argument: Argument, pointer: string, planning: Planning): Source {
  switch (argument.kind) {
    case 'literal': {
      const value = decodeValue(argument.value, pointer, planning.cells);
      return () => value;
    }
    case 'parameter':
      return parameterSource(argument.name, pointer);
    case 'node': {
      const slot = planning.slots.get(argument.id);
      if (slot !== undefined) return ({ slots }) => slots[slot]!;
      throw openeoError('ProcessGraphInvalid', `There is no node ${quoted(argument.id)} here.`, {
        pointer,
        fix: 'Refer to a node of the same graph.',
      });
    }
    case 'graph': {
      const plan = planGraph(argument.graph, planning.processes, planning.bind, planning.cells);
      return (frame) => planning.bind(plan, frame);
    }
    case 'array': {
      const items = argument.items.map((item, i) => sourceOf(item, `${pointer}/${i}`, planning));
      return (frame) => items.map((item) => item(frame));
    }
    case 'object': {
      const entries = [...argument.entries].map(
        ([key, item]) => [key, sourceOf(item, `${pointer}/${escapePointer(key)}`, planning)] as const,
      );
      return (frame) => objectOf(entries.map(([key, item]) => [key, item(frame)]));
    }
  }
}

function troubleOf(node: GraphNode, process: Process): SwathError | undefined {
  for (const name of node.arguments.keys()) {
    if (process.parameters.some((parameter) => parameter.name === name)) continue;
    return openeoError('ProcessParameterUnsupported', `${process.id} has no parameter ${quoted(name)}.`, {
      pointer: `${node.pointer}/arguments/${escapePointer(name)}`,
      fix: `It has ${process.parameters.map((parameter) => parameter.name).join(', ') || 'none'}.`,
    });
  }
  const absent = process.parameters.find(
    ({ name, optional }) => optional !== true && !node.arguments.has(name),
  );
  if (absent === undefined) return undefined;
  return openeoError('ProcessParameterRequired', `${process.id} needs the parameter "${absent.name}".`, {
    pointer: `${node.pointer}/arguments`,
    fix: absent.description,
  });
}

const checks = new WeakMap<ProcessParameter, Check>();

/** Made once for every parameter of the registry. */
function checkFor(parameter: ProcessParameter): Check {
  const known = checks.get(parameter);
  if (known !== undefined) return known;
  const made = checkOf(parameter.schema);
  checks.set(parameter, made);
  return made;
}

function stepOf(node: GraphNode, releases: readonly number[], planning: Planning): Step {
  const process = findProcess(node.processId, node.namespace, planning.processes);
  if (process?.run === undefined) {
    if (process === undefined)
      throw unsupported(node.processId, node.namespace, node.id, `${node.pointer}/process_id`);
    throw openeoError(
      'ProcessUnsupported',
      `${process.id} runs in jobs only, as it needs imagery or storage.`,
      {
        pointer: `${node.pointer}/process_id`,
        fix: 'Submit the graph as a request.',
      },
    );
  }
  const steps = process.parameters.map((parameter) => {
    const given = node.arguments.get(parameter.name);
    const pointer = `${node.pointer}/arguments/${escapePointer(parameter.name)}`;
    return {
      parameter,
      source: given === undefined ? missing : sourceOf(given, pointer, planning),
      check: checkFor(parameter),
      fallback: decodeValue(parameter.default ?? null),
      pointer,
    };
  });
  return { process, node, arguments: steps, trouble: troubleOf(node, process), releases };
}

/**
 * Orders a graph and resolves what its nodes refer to, callbacks included.
 * @param cells what cubes among the literals may take.
 * @throws SwathError ProcessGraphInvalid, ProcessUnsupported, or what a literal that cannot be read says.
 */
export function planGraph(graph: ProcessGraph, processes: Registry, bind: Bind, cells: CellBudget): Plan {
  const { result, nodes } = neededOrder(graph);
  const slots = new Map(nodes.map((node, i) => [node.id, i]));
  const lastUse = new Map<number, number>();
  for (const [i, node] of nodes.entries()) {
    for (const id of referencesOf(node)) lastUse.set(slots.get(id) ?? i, i);
  }
  const releases: number[][] = nodes.map(() => []);
  for (const [slot, i] of lastUse) releases[i]!.push(slot);
  const planning = { processes, bind, cells, slots };
  return {
    steps: nodes.map((node, i) => stepOf(node, releases[i]!, planning)),
    resultSlot: slots.get(result.id)!,
  };
}

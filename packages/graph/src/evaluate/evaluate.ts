import { SwathError, toSwathError } from '@swath/core';
import { openeoError, quoted } from '../exceptions.ts';
import type { ProcessDocument, ProcessGraph } from '../graph/model.ts';
import { parseCall } from '../graph/parse.ts';
import { MAX_CALLS, MAX_LIVE_CELLS, MAX_STEPS } from '../limits.ts';
import { mismatchText, withNumbers } from '../registry/conform.ts';
import { type Registry, registry } from '../registry/registry.ts';
import { cellCount } from '../values/cells.ts';
import { type CellBudget, decodeValue, objectOf, spendCells } from '../values/decode.ts';
import { isCube, kind, type Value } from '../values/value.ts';
import {
  type ArgumentStep,
  type Bind,
  type Frame,
  type Plan,
  planGraph,
  type Scope,
  type Step,
} from './plan.ts';

/** What one evaluation may still do and hold. */
interface Budget {
  steps: number;
  readonly cells: CellBudget;
}

export interface EvaluationOptions {
  /** @default all that Swath knows. */
  readonly processes?: Registry;
  /** Nodes that may run, those of callbacks each time. @default MAX_STEPS */
  readonly maxSteps?: number;
  /** Cells of all cubes held at once. @default MAX_LIVE_CELLS */
  readonly maxLiveCells?: number;
  /** Called with the position of each node of the outermost graph before it runs, in the order of `neededOrder`. */
  readonly onNode?: (position: number) => void;
}

const cellsIn = (value: Value): number =>
  value !== null && typeof value === 'object' && isCube(value) ? cellCount(value.cells) : 0;

function valueFor(
  { parameter, source, check, fallback, pointer }: ArgumentStep,
  frame: Frame,
  step: Step,
): Value {
  const value = source(frame);
  if (check(value))
    return value === null && parameter.optional === true && fallback !== null
      ? nullOr(fallback, parameter, step)
      : value;
  if (value === null && parameter.optional === true) return fallback;
  const numbers = withNumbers(value);
  if (check(numbers)) return numbers;
  throw openeoError(
    'ProcessParameterInvalid',
    `${step.process.id} cannot take this "${parameter.name}": ${mismatchText(parameter.schema, value)}.`,
    { pointer, fix: parameter.description },
  );
}

/** Null where the schema takes null: what was meant, when it was given; the default, when nothing was. */
function nullOr(fallback: Value, { name }: ArgumentStep['parameter'], { node }: Step): Value {
  return node.arguments.has(name) ? null : fallback;
}

/** The error of a step with the place it happened at. */
function placed(error: unknown, { node }: Step): SwathError {
  const known = toSwathError(error);
  if (known.pointer !== undefined) return known;
  return new SwathError(known.code, known.message, {
    pointer: node.pointer,
    ...(known.fix === undefined ? {} : { fix: known.fix }),
    ...(known.reason === undefined ? {} : { reason: known.reason }),
    cause: error,
  });
}

function runPlan(plan: Plan, scope: Scope, budget: Budget, onNode?: (position: number) => void): Value {
  const slots = new Array<Value>(plan.steps.length);
  const frame: Frame = { slots, scope };
  for (let i = 0; i < plan.steps.length; i++) {
    const step = plan.steps[i]!;
    onNode?.(i);
    budget.steps -= 1;
    if (budget.steps < 0) {
      throw openeoError(
        'ProcessGraphComplexity',
        `The evaluation takes too many steps: it ends at the node ${quoted(step.node.id)} (${step.process.id}).`,
        { pointer: step.node.pointer, fix: 'Evaluate a smaller part.' },
      );
    }
    if (step.trouble !== undefined) throw step.trouble;
    const args: Record<string, Value> = {};
    try {
      for (const argument of step.arguments) args[argument.parameter.name] = valueFor(argument, frame, step);
      const value = step.process.run!(args);
      spendCells(budget.cells, cellsIn(value));
      slots[i] = value;
    } catch (error) {
      throw placed(error, step);
    }
    for (const slot of step.releases) {
      budget.cells.left += cellsIn(slots[slot]!);
      slots[slot] = null;
    }
  }
  const result = slots[plan.resultSlot]!;
  budget.cells.left += cellsIn(result);
  return result;
}

function evaluate(
  graph: ProcessGraph,
  parameters: Readonly<Record<string, Value>>,
  { processes = registry, maxSteps = MAX_STEPS, maxLiveCells = MAX_LIVE_CELLS, onNode }: EvaluationOptions,
): Value {
  const budget: Budget = { steps: maxSteps, cells: { left: maxLiveCells } };
  const bind: Bind = (plan, frame) => ({
    [kind]: 'callback',
    run: (given) => runPlan(plan, { parameters: given, outer: frame.scope }, budget),
  });
  const plan = planGraph(graph, processes, bind, budget.cells);
  return runPlan(plan, { parameters, outer: undefined }, budget, onNode);
}

/**
 * The value of one call, `{"process_id": ..., "arguments": {...}}`, over values in memory. Pure.
 * @throws SwathError with openEO's name for the trouble as `reason`: an exception of the process, or a code such as
 *   ProcessUnsupported, ProcessParameterRequired, ProcessParameterInvalid, ProcessGraphInvalid, ProcessGraphComplexity.
 */
export function evaluateCall(call: unknown, processes: Registry = registry): Value {
  return evaluate(parseCall(call), {}, { processes });
}

/**
 * The value of a whole graph with these parameters, as JSON. Those it declares with a default may be left out.
 * @throws SwathError as {@link evaluateCall} does; ProcessParameterRequired for a parameter without a value.
 */
export function evaluateProcess(
  { graph, parameters }: ProcessDocument,
  given: Readonly<Record<string, unknown>> = {},
  options: EvaluationOptions = {},
): Value {
  const values = parameters.map(({ name, fallback }) => {
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    if (value !== undefined) return [name, decodeValue(value)] as const;
    throw openeoError('ProcessParameterRequired', `The graph needs a value for its parameter "${name}".`, {
      pointer: graph.pointer,
    });
  });
  return evaluate(graph, objectOf(values), options);
}

/** @throws SwathError LimitExceeded for more calls than one document may have. */
export function checkCallCount(count: number): void {
  if (count <= MAX_CALLS) return;
  throw openeoError(
    'ProcessGraphComplexity',
    `The document has ${count} calls, over the limit of ${MAX_CALLS}.`,
    {
      fix: 'Split it.',
    },
  );
}

import type { Expression } from '@swath/raster/expression/index';
import { MAX_EXPRESSION_NODES } from '@swath/raster/expression/limits';
import { quoted } from '../exceptions.ts';
import type { Argument, GraphNode, ProcessGraph } from '../graph/model.ts';
import { neededOrder } from '../graph/order.ts';
import { cannotPlan } from './refuse.ts';

/** What a callback's parameters stand for: `data` with the bands by position and name, or `x` as an expression. */
export interface Bound {
  readonly bands?: readonly string[];
  readonly x?: Expression;
}

type BinaryOperator = Extract<Expression, { kind: 'binary' }>['operator'];
type FunctionName = Extract<Expression, { kind: 'call' }>['name'];

const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});
const number = (value: number): Expression => ({ kind: 'number', value });
const call = (name: FunctionName, ...args: readonly Expression[]): Expression => ({
  kind: 'call',
  name,
  args,
});

/** Processes of two operands; like those of the engine they give no data where either is no data. */
const operators: Readonly<Record<string, readonly [operator: BinaryOperator, left: string, right: string]>> =
  {
    add: ['+', 'x', 'y'],
    subtract: ['-', 'x', 'y'],
    multiply: ['*', 'x', 'y'],
    divide: ['/', 'x', 'y'],
    power: ['**', 'base', 'p'],
    gt: ['>', 'x', 'y'],
    gte: ['>=', 'x', 'y'],
    lt: ['<', 'x', 'y'],
    lte: ['<=', 'x', 'y'],
  };

const functions: Readonly<Record<string, readonly [name: FunctionName, parameter: string]>> = {
  absolute: ['abs', 'x'],
  sqrt: ['sqrt', 'x'],
  exp: ['exp', 'p'],
  ln: ['log', 'x'],
  floor: ['floor', 'x'],
  ceil: ['ceil', 'x'],
};

/** Nodes of an expression written out: one that is used twice counts twice. */
const sizes = new WeakMap<Expression, number>();

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.args;
    case 'choose':
      return [expression.test, expression.yes, expression.no];
    case 'unary':
      return [expression.operand];
    default:
      return [];
  }
}

function sizeOf(expression: Expression): number {
  const known = sizes.get(expression);
  if (known !== undefined) return known;
  const size = partsOf(expression).reduce((sum, part) => sum + sizeOf(part), 1);
  sizes.set(expression, size);
  return size;
}

interface Lowering {
  readonly bound: Bound;
  readonly made: Map<string, Expression>;
}

function operand(argument: Argument | undefined, node: GraphNode, { bound, made }: Lowering): Expression {
  if (argument?.kind === 'literal' && typeof argument.value === 'number') return number(argument.value);
  if (argument?.kind === 'node') return made.get(argument.id)!;
  if (argument?.kind === 'parameter' && argument.name === 'x' && bound.x !== undefined) return bound.x;
  throw cannotPlan(
    node,
    'has an operand that is neither a number, a band nor another node',
    'Use numbers, array_element and arithmetic.',
  );
}

function literal(node: GraphNode, name: string, fallback?: number): number {
  const argument = node.arguments.get(name);
  if (argument === undefined && fallback !== undefined) return fallback;
  if (argument?.kind === 'literal' && typeof argument.value === 'number') return argument.value;
  throw cannotPlan(node, `has no plain number as "${name}"`, 'Write the number itself.');
}

function bandOf(node: GraphNode, { bands }: Bound): Expression {
  const [data, index, label] = ['data', 'index', 'label'].map((name) => node.arguments.get(name));
  if (data?.kind !== 'parameter' || data.name !== 'data' || bands === undefined) {
    throw cannotPlan(
      node,
      'takes an element of something else than the bands',
      'Give it {"from_parameter": "data"}.',
    );
  }
  const wanted = [label, index].map((argument) => (argument?.kind === 'literal' ? argument.value : null));
  const [byLabel, byIndex] = wanted;
  const name =
    typeof byLabel === 'string'
      ? bands.find((band) => band === byLabel)
      : typeof byIndex === 'number'
        ? bands[byIndex]
        : undefined;
  if (name === undefined) {
    throw cannotPlan(
      node,
      `asks for the band ${quoted(byLabel ?? byIndex)}, and there are ${bands.join(', ') || 'none named'}`,
      'Name the bands in load_collection.',
    );
  }
  return { kind: 'band', name };
}

/** Limited to the input range, then stretched: what linear_scale_range says. */
function scaled(node: GraphNode, x: Expression): Expression {
  const [from, to] = [literal(node, 'inputMin'), literal(node, 'inputMax')];
  const [low, high] = [literal(node, 'outputMin', 0), literal(node, 'outputMax', 1)];
  const part = binary(
    '/',
    binary('-', call('clip', x, number(Math.min(from, to)), number(Math.max(from, to))), number(from)),
    number(to - from),
  );
  return binary('+', binary('*', part, number(high - low)), number(low));
}

function lowerNode(node: GraphNode, lowering: Lowering): Expression {
  const of = (name: string): Expression => operand(node.arguments.get(name), node, lowering);
  const operator = Object.hasOwn(operators, node.processId) ? operators[node.processId] : undefined;
  if (operator !== undefined) return binary(operator[0], of(operator[1]), of(operator[2]));
  const unary = Object.hasOwn(functions, node.processId) ? functions[node.processId] : undefined;
  if (unary !== undefined) return call(unary[0], of(unary[1]));
  switch (node.processId) {
    case 'array_element':
      return bandOf(node, lowering.bound);
    case 'normalized_difference':
      return binary('/', binary('-', of('x'), of('y')), binary('+', of('x'), of('y')));
    case 'clip':
      return call('clip', of('x'), number(literal(node, 'min')), number(literal(node, 'max')));
    case 'linear_scale_range':
      return scaled(node, of('x'));
    case 'constant':
      return of('x');
    default:
      throw cannotPlan(
        node,
        `uses ${node.processId} in a formula`,
        'Formulas have arithmetic, comparisons, sqrt, exp, ln, absolute, floor, ceil, clip, linear_scale_range and normalized_difference.',
      );
  }
}

/**
 * A callback as one expression of bands.
 * @throws SwathError Unsupported for the first node that has no counterpart in the engine.
 */
export function lowerExpression(graph: ProcessGraph, bound: Bound): Expression {
  const { result, nodes } = neededOrder(graph);
  const lowering: Lowering = { bound, made: new Map() };
  for (const node of nodes) {
    const expression = lowerNode(node, lowering);
    // Twenty nodes that each use the one before twice are a formula of a million terms.
    if (sizeOf(expression) > MAX_EXPRESSION_NODES)
      throw cannotPlan(
        node,
        `makes a formula of over ${MAX_EXPRESSION_NODES} terms`,
        'Use fewer nodes, or each of them once.',
      );
    lowering.made.set(node.id, expression);
  }
  return lowering.made.get(result.id)!;
}

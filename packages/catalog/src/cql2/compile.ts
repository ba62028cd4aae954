import { SwathError } from '@swath/core';
import { holds } from '../geometry/predicates.ts';
import { bboxGeometry, type Shape, shapesOf } from '../geometry/shape.ts';
import type { Expression, Geometry, Operation } from './ast.ts';
import {
  isBbox,
  isDate,
  isGeometry,
  isInterval,
  isList,
  isOperation,
  isProperty,
  isTimestamp,
} from './ast.ts';
import { arrayHolds, compareValues } from './compare.ts';
import {
  arithmetic,
  arrayPredicates,
  comparisons,
  oneOf,
  type SpatialPredicate,
  spatialPredicates,
  standardName,
  type TemporalPredicate,
  temporalPredicates,
} from './operators.ts';
import { type Positions, refuseAt } from './refuse.ts';
import { temporalRelations } from './temporal.ts';
import { accenti, casei, likeMatcher } from './text-functions.ts';
import { isShape, isValueList, spanOf, type Value } from './values.ts';

/** Looks up a property of the Item in hand; null when it has none of the name. */
export type Resolve = (name: string) => Value;
type Node = (resolve: Resolve) => Value;

/** A filter ready to be asked: true, false, or null for unknown, which a search counts as false. */
export type Predicate = (resolve: Resolve) => boolean | null;

interface Context {
  readonly positions: Positions | undefined;
}

/**
 * Checks an expression and makes it a function. What depends on no property (areas, patterns) is worked out once.
 * @param positions of the text it came from, for messages.
 * @throws InvalidInput when operands do not fit; Unsupported naming a function there is not.
 */
export function compileFilter(expression: Expression, positions?: Positions): Predicate {
  const node = truth({ positions }, expression, '/filter');
  return (resolve) => {
    const value = node(resolve);
    return typeof value === 'boolean' ? value : null;
  };
}

function at(context: Context, operation: Operation): string {
  const offset = context.positions?.get(operation);
  return offset === undefined ? '' : ` (character ${offset + 1} of the filter)`;
}

/** In a text there is nothing below `/filter` to point to. */
const pointerOf = (context: Context, pointer: string) =>
  context.positions === undefined ? pointer : '/filter';

function count(context: Context, operation: Operation, pointer: string, least: number, most = least): void {
  const { op, args } = operation;
  if (args.length >= least && args.length <= most) return;
  const wanted = least === most ? `${least}` : `at least ${least}`;
  throw refuseAt(
    pointerOf(context, `${pointer}/args`),
    `"${op}" takes ${wanted} operands, not ${args.length}${at(context, operation)}.`,
  );
}

/** An expression where true, false or unknown is meant. */
function truth(context: Context, e: Expression, pointer: string): Node {
  if (typeof e === 'boolean') return () => e;
  if (isProperty(e) || isOperation(e)) return value(context, e, pointer);
  throw refuseAt(
    pointerOf(context, pointer),
    'A condition is expected here: a comparison, a predicate, a boolean property, true or false.',
  );
}

function value(context: Context, e: Expression, pointer: string): Node {
  if (typeof e !== 'object') return () => e;
  if (isList(e)) {
    const items = e.map((item, index) => value(context, item, `${pointer}/${index}`));
    return (resolve) => items.map((item) => item(resolve));
  }
  if (isProperty(e)) return (resolve) => resolve(e.property);
  if (isDate(e)) return constant(spanOf(e.date));
  if (isTimestamp(e)) return constant(spanOf(e.timestamp));
  if (isInterval(e)) return interval(context, e.interval, `${pointer}/interval`);
  if (isBbox(e)) return constant({ kind: 'geometry', geometry: bboxGeometry(e) });
  if (isGeometry(e)) return constant({ kind: 'geometry', geometry: e });
  if (isOperation(e)) return operation(context, e, pointer);
  throw new SwathError('Bug', 'an expression of no kind');
}

const constant =
  (known: Value): Node =>
  () =>
    known;

function interval(context: Context, ends: readonly Expression[], pointer: string): Node {
  const [start, end] = ends.map((e, index): Node => {
    if (e === '..') {
      const open = index === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      return constant({ kind: 'span', startMs: open, endMs: open });
    }
    const node = value(context, e, `${pointer}/${index}`);
    return (resolve) => spanOf(node(resolve));
  });
  return (resolve) => {
    const from = spanOf(start?.(resolve) ?? null);
    const to = spanOf(end?.(resolve) ?? null);
    return from === null || to === null ? null : { kind: 'span', startMs: from.startMs, endMs: to.endMs };
  };
}

function operation(context: Context, e: Operation, pointer: string): Node {
  const { op, args } = e;
  const nodes = () => args.map((arg, index) => value(context, arg, `${pointer}/args/${index}`));
  const two = (combine: (a: Value, b: Value) => Value): Node => {
    count(context, e, pointer, 2);
    const [a, b] = nodes();
    return (resolve) => combine(a?.(resolve) ?? null, b?.(resolve) ?? null);
  };
  if (oneOf(comparisons, op) !== undefined) return two((a, b) => compareValues(op, a, b));
  if (oneOf(arithmetic, op) !== undefined) return two((a, b) => calculate(op, a, b));
  const temporal = oneOf(temporalPredicates, op);
  if (temporal !== undefined) return two((a, b) => relateTimes(temporal, a, b));
  const spatial = oneOf(spatialPredicates, op);
  if (spatial !== undefined) return spatialNode(context, e, pointer, spatial);
  if (oneOf(arrayPredicates, op) !== undefined) {
    return two((a, b) => (isValueList(a) && isValueList(b) ? arrayHolds(op, a, b) : null));
  }
  switch (op) {
    case 'and':
    case 'or':
      return junction(context, e, pointer, op);
    case 'not':
      return negation(context, e, pointer);
    case 'isNull': {
      count(context, e, pointer, 1);
      const [operand] = nodes();
      return (resolve) => (operand?.(resolve) ?? null) === null;
    }
    case 'like':
      return like(context, e, pointer);
    case 'between':
      count(context, e, pointer, 3);
      return between(nodes());
    case 'in':
      return inList(context, e, pointer);
    case 'casei':
    case 'accenti':
      return textFunction(context, e, pointer, op === 'casei' ? casei : accenti);
    default:
      throw unknownFunction(context, e, pointer);
  }
}

function unknownFunction(context: Context, e: Operation, pointer: string): SwathError {
  return new SwathError('Unsupported', `There is no function "${e.op}"${at(context, e)}.`, {
    pointer: pointerOf(context, `${pointer}/op`),
    fix: 'Use the operators and predicates of CQL2, CASEI and ACCENTI; docs/stac.md lists them.',
  });
}

/** Unknown only where the known operands leave it open: false AND unknown is false. */
function junction(context: Context, e: Operation, pointer: string, op: 'and' | 'or'): Node {
  count(context, e, pointer, 1, Number.POSITIVE_INFINITY);
  const nodes = e.args.map((arg, index) => truth(context, arg, `${pointer}/args/${index}`));
  const decisive = op === 'or';
  return (resolve) => {
    let unknown = false;
    for (const node of nodes) {
      const known = node(resolve);
      if (known === decisive) return decisive;
      if (typeof known !== 'boolean') unknown = true;
    }
    return unknown ? null : !decisive;
  };
}

function negation(context: Context, e: Operation, pointer: string): Node {
  count(context, e, pointer, 1);
  const node = truth(context, e.args[0] ?? false, `${pointer}/args/0`);
  return (resolve) => {
    const known = node(resolve);
    return typeof known === 'boolean' ? !known : null;
  };
}

function calculate(op: string, a: Value, b: Value): Value {
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  const result = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': a / b,
    '%': a % b,
    '^': a ** b,
    div: Math.trunc(a / b),
  }[op];
  return result !== undefined && Number.isFinite(result) ? result : null;
}

function between([node, from, to]: readonly Node[]): Node {
  return (resolve) => {
    const known = node?.(resolve) ?? null;
    const above = compareValues('>=', known, from?.(resolve) ?? null);
    const below = compareValues('<=', known, to?.(resolve) ?? null);
    if (above === false || below === false) return false;
    return above === null || below === null ? null : true;
  };
}

function inList(context: Context, e: Operation, pointer: string): Node {
  count(context, e, pointer, 2);
  const [operand, list] = e.args;
  if (operand === undefined || list === undefined || !isList(list)) {
    throw refuseAt(pointerOf(context, `${pointer}/args/1`), `"in" wants a list${at(context, e)}.`);
  }
  const node = value(context, operand, `${pointer}/args/0`);
  const items = list.map((item, index) => value(context, item, `${pointer}/args/1/${index}`));
  return (resolve) => {
    const known = node(resolve);
    let unknown = false;
    for (const item of items) {
      const same = compareValues('=', known, item(resolve));
      if (same === true) return true;
      if (same === null) unknown = true;
    }
    return unknown ? null : false;
  };
}

function textFunction(context: Context, e: Operation, pointer: string, fold: (text: string) => string): Node {
  count(context, e, pointer, 1);
  const node = value(context, e.args[0] ?? '', `${pointer}/args/0`);
  const folded = (known: Value) => (typeof known === 'string' ? fold(known) : null);
  if (isConstant(e.args[0] ?? '')) return constant(folded(node(() => null)));
  return (resolve) => folded(node(resolve));
}

function like(context: Context, e: Operation, pointer: string): Node {
  count(context, e, pointer, 2);
  const [operand = '', pattern = ''] = e.args;
  const node = value(context, operand, `${pointer}/args/0`);
  const known = value(context, pattern, `${pointer}/args/1`);
  const once = isConstant(pattern) ? known(() => null) : null;
  const matches = typeof once === 'string' ? likeMatcher(once) : undefined;
  return (resolve) => {
    const text = node(resolve);
    if (matches !== undefined) return typeof text === 'string' ? matches(text) : null;
    const own = known(resolve);
    return typeof text === 'string' && typeof own === 'string' ? likeMatcher(own)(text) : null;
  };
}

/** Made of literals and text functions alone. */
function isConstant(e: Expression): boolean {
  if (typeof e !== 'object' || isDate(e) || isTimestamp(e) || isGeometry(e) || isBbox(e)) return true;
  const isFold = isOperation(e) && (standardName(e.op) === 'casei' || standardName(e.op) === 'accenti');
  return isFold && isOperation(e) && e.args.every(isConstant);
}

function relateTimes(predicate: TemporalPredicate, a: Value, b: Value): Value {
  const [left, right] = [spanOf(a), spanOf(b)];
  return left === null || right === null ? null : temporalRelations[predicate](left, right);
}

function spatialNode(context: Context, e: Operation, pointer: string, predicate: SpatialPredicate): Node {
  count(context, e, pointer, 2);
  const [a, b] = e.args.map((arg, index) => {
    const own = `${pointer}/args/${index}`;
    if (isGeometry(arg) && arg.type === 'GeometryCollection' && !anyGeometry.has(predicate)) {
      throw new SwathError(
        'Unsupported',
        `${predicate} of a GeometryCollection cannot be told${at(context, e)}.`,
        {
          pointer: pointerOf(context, own),
          fix: 'Use s_intersects or s_disjoint, or a multi-part geometry.',
        },
      );
    }
    return shapeNode(value(context, arg, own), isConstant(arg));
  });
  return (resolve) => {
    const [left, right] = [a?.(resolve), b?.(resolve)];
    return left === undefined || right === undefined ? null : (holds(predicate, left, right) ?? null);
  };
}

const anyGeometry: ReadonlySet<SpatialPredicate> = new Set(['s_intersects', 's_disjoint']);

/** Shapes of Items are made once each, whatever number of predicates asks. */
const shapes = new WeakMap<Geometry, readonly Shape[]>();

function shapeNode(node: Node, isKnown: boolean): (resolve: Resolve) => readonly Shape[] | undefined {
  const shape = (known: Value) => {
    if (!isShape(known)) return undefined;
    let made = shapes.get(known.geometry);
    if (made === undefined) {
      made = shapesOf(known.geometry);
      shapes.set(known.geometry, made);
    }
    return made;
  };
  if (!isKnown) return (resolve) => shape(node(resolve));
  const made = shape(node(() => null));
  return () => made;
}

import { SwathError } from '@swath/core';
import type { BinaryOperator, Expression } from './ast.ts';
import { arity, isFunctionName } from './functions.ts';
import { expressionUsage, refuseAt, type Token, tokenize } from './lexer.ts';
import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_NODES } from './limits.ts';

/** How tightly binary operators bind, loosest first. `?:` is looser than all, signs sit between `*` and `**`. */
export const binding: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '**': 8,
};

export const UNARY_BINDING = 7;

function isBinaryOperator(text: string): text is BinaryOperator {
  return Object.hasOwn(binding, text);
}

const isComparison = (level: number) => level === 3 || level === 4;

/** Names every JavaScript object carries: never a band, so that no later mistake can give them a meaning. */
function isReserved(name: string): boolean {
  return name in Object.prototype || name === 'prototype' || name.includes('$') || name.startsWith('_');
}

interface State {
  readonly tokens: readonly Token[];
  readonly pointer: string;
  at: number;
  nodes: number;
  depth: number;
}

const peek = (state: State): Token => state.tokens[state.at]!;

function isSymbol(state: State, text: string): boolean {
  const token = peek(state);
  return token.kind === 'symbol' && token.text === text;
}

function describe(token: Token): string {
  return token.kind === 'end' ? 'the end' : `"${token.text}"`;
}

function unexpected(state: State, expected: string): SwathError {
  const token = peek(state);
  return refuseAt(
    token.column,
    `expected ${expected}, found ${describe(token)}.`,
    state.pointer,
    expressionUsage,
  );
}

function expectSymbol(state: State, text: string): void {
  if (!isSymbol(state, text)) throw unexpected(state, `"${text}"`);
  state.at++;
}

function node(state: State, made: Expression): Expression {
  if (++state.nodes > MAX_EXPRESSION_NODES) {
    throw new SwathError('LimitExceeded', `The expression has more than ${MAX_EXPRESSION_NODES} parts.`, {
      pointer: state.pointer,
      fix: 'Shorten it, or split it into several requests.',
    });
  }
  return made;
}

function deeper<T>(state: State, parse: () => T): T {
  if (++state.depth > MAX_EXPRESSION_DEPTH) {
    throw new SwathError('LimitExceeded', `The expression is nested deeper than ${MAX_EXPRESSION_DEPTH}.`, {
      pointer: state.pointer,
      fix: 'Remove parentheses that change nothing.',
    });
  }
  const value = parse();
  state.depth--;
  return value;
}

function parseNumber(state: State, token: Token): Expression {
  const value = Number(token.text);
  if (!Number.isFinite(Math.fround(value))) {
    throw refuseAt(
      token.column,
      `${token.text.slice(0, 40)} is too large for single precision.`,
      state.pointer,
      'Use numbers below 3.4e38.',
    );
  }
  const after = peek(state);
  if (
    (after.kind === 'name' || after.kind === 'number') &&
    after.column === token.column + token.text.length
  ) {
    throw refuseAt(
      after.column,
      `expected an operator, found ${describe(after)}.`,
      state.pointer,
      `Write ${token.text} * ${after.text} to multiply; names start with a letter.`,
    );
  }
  return node(state, { kind: 'number', value });
}

function parseName(state: State, token: Token): Expression {
  const { text: name, column } = token;
  if (isReserved(name)) {
    throw refuseAt(
      column,
      `"${name.slice(0, 40)}" cannot be a band name.`,
      state.pointer,
      'Give the band another name with "bands", such as {"b1": "..."}.',
    );
  }
  if (!isFunctionName(name)) {
    if (isSymbol(state, '(')) {
      throw refuseAt(
        column,
        `there is no function "${name.slice(0, 40)}".`,
        state.pointer,
        `The functions are ${Object.keys(arity).join(', ')}. To multiply, write *.`,
      );
    }
    return node(state, { kind: 'band', name });
  }
  expectSymbol(state, '(');
  const args: Expression[] = [];
  const [least, most] = arity[name];
  do {
    args.push(deeper(state, () => parseChoice(state)));
  } while (isSymbol(state, ',') && ++state.at > 0);
  expectSymbol(state, ')');
  if (args.length < least || args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw refuseAt(
      column,
      `${name} takes ${wanted} argument${most === 1 ? '' : 's'}, not ${args.length}.`,
      state.pointer,
      name === 'clip' ? 'Write clip(value, low, high).' : `Give ${name} ${wanted}.`,
    );
  }
  return node(state, { kind: 'call', name, args });
}

function parseOperand(state: State): Expression {
  const token = peek(state);
  if (token.kind === 'number' || token.kind === 'name') {
    state.at++;
    return token.kind === 'number' ? parseNumber(state, token) : parseName(state, token);
  }
  if (isSymbol(state, '(')) {
    state.at++;
    const inner = deeper(state, () => parseChoice(state));
    expectSymbol(state, ')');
    return inner;
  }
  if (isSymbol(state, '-') || isSymbol(state, '!') || isSymbol(state, '+')) {
    state.at++;
    const operand = deeper(state, () => parseBinary(state, UNARY_BINDING));
    if (token.text === '+') return operand;
    return node(state, { kind: 'unary', operator: token.text === '-' ? '-' : '!', operand });
  }
  throw unexpected(state, 'a number, a band or "("');
}

/** Operators that bind at least as tightly as `least` (precedence climbing). */
function parseBinary(state: State, least: number): Expression {
  let left = parseOperand(state);
  let compared = 0;
  for (;;) {
    const token = peek(state);
    if (token.kind !== 'symbol' || !isBinaryOperator(token.text)) return left;
    const operator = token.text;
    const level = binding[operator];
    if (level < least) return left;
    if (compared === level) {
      throw refuseAt(
        token.column,
        'comparisons cannot be chained.',
        state.pointer,
        'Write a < b && b < c, or put parentheses around one of them.',
      );
    }
    state.at++;
    // ** is right-associative and takes a sign on its right: 2 ** -x ** 2.
    const right =
      operator === '**'
        ? deeper(state, () => parseBinary(state, UNARY_BINDING))
        : parseBinary(state, level + 1);
    left = node(state, { kind: 'binary', operator, left, right });
    compared = isComparison(level) ? level : 0;
  }
}

function parseChoice(state: State): Expression {
  const test = parseBinary(state, 1);
  if (!isSymbol(state, '?')) return test;
  state.at++;
  const yes = deeper(state, () => parseChoice(state));
  expectSymbol(state, ':');
  const no = deeper(state, () => parseChoice(state));
  return node(state, { kind: 'choose', test, yes, no });
}

/**
 * Band math as a bounded tree. Precedence, tightest first: calls and parentheses; `**` (right-associative); signs and `!`
 * (`-x ** 2` is `-(x ** 2)`, as in Python); `* /`; `+ -`; `< <= > >=`; `== !=`; `&&`; `||`; `?:`. Arithmetic is all there
 * is: no properties, texts, comments, assignments or names of JavaScript.
 * @throws SwathError InvalidInput with the column and what was expected; LimitExceeded for 2,000 characters, 1,000 nodes,
 *   64 levels.
 */
export function parseExpression(text: string, pointer = '/pipeline/expression'): Expression {
  const state: State = { tokens: tokenize(text, pointer), pointer, at: 0, nodes: 0, depth: 0 };
  if (peek(state).kind === 'end') throw refuseAt(1, 'the expression is empty.', pointer, expressionUsage);
  const expression = parseChoice(state);
  if (peek(state).kind !== 'end') throw unexpected(state, 'an operator or the end');
  return expression;
}

/** Band names in order of first use, each once. */
export function bandsOf(expression: Expression): readonly string[] {
  const names = new Set<string>();
  const walk = (each: Expression): void => {
    if (each.kind === 'band') names.add(each.name);
    else for (const child of childrenOf(each)) walk(child);
  };
  walk(expression);
  return [...names];
}

export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'band':
      return [];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.args;
    case 'choose':
      return [expression.test, expression.yes, expression.no];
  }
}

import type { Expression } from './ast.ts';
import { binding, UNARY_BINDING } from './parse.ts';

const CHOICE_BINDING = 0;
const OPERAND_BINDING = 9;

const hasSign = (value: number): boolean => value < 0 || Object.is(value, -0);

function bindingOf(expression: Expression): number {
  switch (expression.kind) {
    case 'choose':
      return CHOICE_BINDING;
    case 'binary':
      return binding[expression.operator];
    case 'unary':
      return UNARY_BINDING;
    case 'number':
      return hasSign(expression.value) ? UNARY_BINDING : OPERAND_BINDING;
    default:
      return OPERAND_BINDING;
  }
}

/** Text of a child, in parentheses when it binds less tightly than its place asks. */
function inside(child: Expression, least: number): string {
  const text = formatExpression(child);
  return bindingOf(child) < least ? `(${text})` : text;
}

/** The one spelling of a tree: `parseExpression(formatExpression(tree))` gives the same tree. Equal trees, equal text. */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return Object.is(expression.value, -0) ? '-0' : String(expression.value);
    case 'band':
      return expression.name;
    case 'unary':
      return `${expression.operator}${inside(expression.operand, UNARY_BINDING)}`;
    case 'call':
      return `${expression.name}(${expression.args.map(formatExpression).join(', ')})`;
    case 'choose': {
      const { test, yes, no } = expression;
      return `${inside(test, CHOICE_BINDING + 1)} ? ${formatExpression(yes)} : ${formatExpression(no)}`;
    }
    case 'binary': {
      const { operator, left, right } = expression;
      const level = binding[operator];
      if (operator === '**') return `${inside(left, OPERAND_BINDING)} ** ${inside(right, UNARY_BINDING)}`;
      // Comparisons do not chain, so neither side may be one of the same level.
      const compares = level === 3 || level === 4;
      return `${inside(left, compares ? level + 1 : level)} ${operator} ${inside(right, level + 1)}`;
    }
  }
}

import { SwathError } from '@swath/core';
import { MAX_EXPRESSION_CHARS } from './limits.ts';

export interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'end';
  readonly text: string;
  /** 1-based. */
  readonly column: number;
}

export const expressionUsage =
  'Use numbers, band names, + - * / **, comparisons, && || !, a ? b : c, and abs, sqrt, exp, log, log10, min, max, floor, ceil, round, clip.';

const numberPattern = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const namePattern = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const symbolPattern = /\*\*|<=|>=|==|!=|&&|\|\||[-+*/<>!?:(),]/y;
const spacePattern = /[ \t\r\n]+/y;

/** What people type from habit, and what it is called here. */
const hints: readonly (readonly [start: string, fix: string])[] = [
  ['//', 'Remove the comment.'],
  ['/*', 'Remove the comment.'],
  ['===', 'Write == to compare.'],
  ['!==', 'Write != to compare.'],
  ['=', 'Write == to compare.'],
  ['^', 'Write ** for powers.'],
  ['%', 'There is no remainder here; use a - floor(a / b) * b.'],
  ['&', 'Write && for "and".'],
  ['|', 'Write || for "or".'],
  ['.', 'Properties do not exist here; band names have letters, digits and _ only.'],
  ['[', 'Write band names directly, such as nir.'],
  ['"', 'Texts do not exist here; write band names without quotes.'],
  ["'", 'Texts do not exist here; write band names without quotes.'],
  ['`', 'Texts do not exist here; write band names without quotes.'],
  ['\u2212', 'Type a plain - instead.'],
  ['\u2013', 'Type a plain - instead.'],
  ['\u00d7', 'Type * instead.'],
  ['\u00b7', 'Type * instead.'],
  ['\u00f7', 'Type / instead.'],
];

function characterName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code > 32 && code < 127 ? `"${character}"` : code > 160 ? `"${character}" (${hex})` : hex;
}

export function refuseAt(column: number, message: string, pointer: string, fix: string): SwathError {
  return new SwathError('InvalidInput', `Column ${column}: ${message}`, { pointer, fix });
}

function refuseCharacter(text: string, at: number, pointer: string): SwathError {
  const hint = hints.find(([start]) => text.startsWith(start, at));
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const shown = hint !== undefined && hint[0].length > 1 ? `"${hint[0]}"` : characterName(character);
  const fix =
    hint?.[1] ?? ((character.codePointAt(0) ?? 0) > 127 ? 'Use plain ASCII letters.' : expressionUsage);
  return refuseAt(at + 1, `${shown} is not allowed.`, pointer, fix);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/**
 * Tokens of an expression, ended by `end`.
 * @throws SwathError LimitExceeded when too long, InvalidInput naming the column of a character that has no place.
 */
export function tokenize(text: string, pointer: string): Token[] {
  if (text.length > MAX_EXPRESSION_CHARS) {
    throw new SwathError(
      'LimitExceeded',
      `The expression has ${text.length} characters; the limit is ${MAX_EXPRESSION_CHARS}.`,
      { pointer, fix: 'Split it into several requests, or give bands shorter names with "bands".' },
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = match(spacePattern, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const bad = ['//', '/*', '===', '!=='].some((start) => text.startsWith(start, at));
    if (bad) throw refuseCharacter(text, at, pointer);
    const number = match(numberPattern, text, at);
    const name = number === undefined ? match(namePattern, text, at) : undefined;
    const found = number ?? name ?? match(symbolPattern, text, at);
    if (found === undefined) throw refuseCharacter(text, at, pointer);
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'symbol';
    tokens.push({ kind, text: found, column: at + 1 });
    at += found.length;
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 });
  return tokens;
}

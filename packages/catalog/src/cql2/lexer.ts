import { refuseText } from './refuse.ts';

export interface Token {
  readonly kind: 'name' | 'quoted' | 'text' | 'number' | 'symbol' | 'end';
  /** Names as written, texts and quoted names without their quotes. */
  readonly text: string;
  readonly offset: number;
}

const space = /\s*/y;
/** cql2.bnf `identifierStart` and `identifierPart`; `-` is no part of a name: it is a minus. */
const name = /[\p{L}_:][\p{L}\p{M}\p{N}_:.]*/uy;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const symbol = /<=|>=|<>|[=<>+\-*/%^(),]/y;

function match(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

/** All tokens and an end. @throws InvalidInput naming the character that fits nowhere. */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  for (;;) {
    at += match(space, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const next = tokenAt(text, at);
    found.push(next.token);
    at = next.end;
  }
  found.push({ kind: 'end', text: '', offset: text.length });
  return found;
}

function tokenAt(text: string, offset: number): { readonly token: Token; readonly end: number } {
  const first = text[offset];
  if (first === "'" || first === '"') return quotedAt(text, offset, first);
  for (const [kind, pattern] of [
    ['name', name],
    ['number', number],
    ['symbol', symbol],
  ] as const) {
    const found = match(pattern, text, offset);
    if (found !== undefined) return { token: { kind, text: found, offset }, end: offset + found.length };
  }
  const shown = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  throw refuseText(offset, `"${shown}" has no meaning in cql2-text.`);
}

/** A doubled quote is one, and so is one after a backslash; any other backslash stays, it is LIKE's to read. */
function quotedAt(text: string, offset: number, quote: string) {
  let value = '';
  for (let at = offset + 1; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\' && text[at + 1] === quote && quote === "'") {
      value += quote;
      at += 1;
    } else if (char !== quote) {
      value += char;
    } else if (text[at + 1] === quote) {
      value += quote;
      at += 1;
    } else {
      const kind = quote === "'" ? ('text' as const) : ('quoted' as const);
      return { token: { kind, text: value, offset }, end: at + 1 };
    }
  }
  throw refuseText(offset, `The ${quote} that opens here is never closed.`);
}

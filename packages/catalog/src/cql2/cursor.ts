import { MAX_FILTER_DEPTH, MAX_FILTER_NODES, MAX_FILTER_VERTICES } from '../limits.ts';
import { type Token, tokens } from './lexer.ts';
import { refuseText } from './refuse.ts';

/** Reads tokens in order and counts what is bounded. */
export interface Cursor {
  peek(ahead?: number): Token;
  take(): Token;
  /** Takes the next token if it is this symbol. */
  accept(symbol: string): boolean;
  expect(symbol: string): void;
  /** Takes the next token if it is this word, in any case. */
  acceptWord(word: string): boolean;
  isWord(word: string, ahead?: number): boolean;
  /** @throws LimitExceeded-like InvalidInput when the filter grows over its bounds. */
  countNode(): void;
  countVertex(): void;
  /** Runs one level deeper. */
  nested<T>(run: () => T): T;
}

const shown = (token: Token) => (token.kind === 'end' ? 'the end' : `"${token.text}"`);

export function cursorOver(text: string): Cursor {
  const list = tokens(text);
  const end: Token = { kind: 'end', text: '', offset: text.length };
  let at = 0;
  let nodes = 0;
  let vertices = 0;
  let depth = 0;
  const peek = (ahead = 0) => list[at + ahead] ?? end;
  const isSymbol = (symbol: string) => peek().kind === 'symbol' && peek().text === symbol;
  const isWord = (word: string, ahead = 0) =>
    peek(ahead).kind === 'name' && peek(ahead).text.toLowerCase() === word;
  const take = () => {
    const token = peek();
    at += 1;
    return token;
  };
  return {
    peek,
    take,
    isWord,
    accept(symbol) {
      if (!isSymbol(symbol)) return false;
      take();
      return true;
    },
    expect(symbol) {
      if (!isSymbol(symbol)) {
        throw refuseText(peek().offset, `"${symbol}" is expected here, not ${shown(peek())}.`);
      }
      take();
    },
    acceptWord(word) {
      if (!isWord(word)) return false;
      take();
      return true;
    },
    countNode() {
      nodes += 1;
      if (nodes > MAX_FILTER_NODES) {
        throw refuseText(peek().offset, `The filter has more than ${MAX_FILTER_NODES} parts.`);
      }
    },
    countVertex() {
      vertices += 1;
      if (vertices > MAX_FILTER_VERTICES) {
        throw refuseText(
          peek().offset,
          `The geometries of the filter have more than ${MAX_FILTER_VERTICES} vertices.`,
        );
      }
    },
    nested(run) {
      depth += 1;
      if (depth > MAX_FILTER_DEPTH) {
        throw refuseText(peek().offset, `The filter is nested deeper than ${MAX_FILTER_DEPTH} levels.`);
      }
      const value = run();
      depth -= 1;
      return value;
    },
  };
}

export function expected(cursor: Cursor, what: string) {
  return refuseText(cursor.peek().offset, `${what} is expected here, not ${shown(cursor.peek())}.`);
}

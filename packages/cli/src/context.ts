import type { Client } from './client.ts';
import { DEFAULT_URL } from './limits.ts';
import { type Colors, colorsFor, type Terminal } from './terminal.ts';
import type { Tools } from './tools.ts';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly debug?: boolean;
}

/** What one command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly tools: Tools;
  /** Colours of stdout; off with --json. */
  readonly colors: Colors;
  readonly url: string;
  /** Of the server; loaded when it is first asked for, because many commands need none. */
  client(): Promise<Client>;
  /** The answer: one JSON document with --json, else the text. */
  answer(value: unknown, text: () => string): void;
  /** A line on stderr. */
  say(line: string): void;
  readonly json: boolean;
}

export function makeContext(terminal: Terminal, tools: Tools, options: GlobalOptions): Context {
  const json = options.json === true;
  const url = (options.url ?? terminal.env['SWATH_URL'] ?? DEFAULT_URL).replace(/\/+$/, '');
  const token = terminal.env['SWATH_TOKEN'];
  return {
    terminal,
    tools,
    json,
    url,
    colors: colorsFor(terminal.stdout, terminal.env),
    async client() {
      const { makeClient } = await import('./client.ts');
      return makeClient({
        url,
        signal: terminal.signal,
        ...(token === undefined || token === '' ? {} : { token }),
      });
    },
    answer(value, text) {
      terminal.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`);
    },
    say(line) {
      terminal.stderr.write(`${line}\n`);
    },
  };
}

/** `--url URL` to repeat in advice, when it is not the usual one. */
export function urlFlag(url: string, env: Terminal['env']): string {
  return url === DEFAULT_URL || url === env['SWATH_URL'] ? '' : ` --url ${url}`;
}

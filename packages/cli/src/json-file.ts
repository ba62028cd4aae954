import { readFile, stat } from 'node:fs/promises';
import { SwathError } from '@swath/core';
import JSON5 from 'json5';
import type { Terminal } from './terminal.ts';

function tooLarge(path: string, limitBytes: number): SwathError {
  return new SwathError('LimitExceeded', `The file ${path} is over ${limitBytes} bytes.`, {
    fix: 'Split it.',
  });
}

/** Text of a file or, for `-`, of standard input. @throws SwathError InvalidInput, LimitExceeded */
async function readLimited(path: string, limitBytes: number, terminal: Terminal): Promise<string> {
  if (path === '-') return terminal.readStdin(limitBytes);
  let text: string;
  try {
    // A pipe has no size: what it gave is measured below.
    if ((await stat(path)).size > limitBytes) throw tooLarge(path, limitBytes);
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    throw new SwathError('InvalidInput', `The file ${path} cannot be read.`, {
      fix: 'Check the path; "-" reads from standard input.',
      cause,
    });
  }
  if (Buffer.byteLength(text) > limitBytes) throw tooLarge(path, limitBytes);
  return text;
}

/**
 * A document that is JSON or JSON5 (comments, trailing commas, NaN, Infinity), from a file or `-`.
 * @throws SwathError InvalidInput with line and column of JSON5's complaint; LimitExceeded.
 */
export async function readJson5(path: string, limitBytes: number, terminal: Terminal): Promise<unknown> {
  const text = await readLimited(path, limitBytes, terminal);
  try {
    return JSON.parse(text);
  } catch {
    // Not plain JSON: what is wrong with it, if anything, is told by the parser of the larger language.
  }
  try {
    return JSON5.parse<unknown>(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^JSON5: /, '') : String(cause);
    const where = path === '-' ? 'Standard input' : `The file ${path}`;
    throw new SwathError('InvalidInput', `${where} is neither JSON nor JSON5: ${why}.`, {
      fix: 'Correct it there.',
      cause,
    });
  }
}

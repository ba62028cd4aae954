import { SwathError } from '@swath/core';
import { SPEC_LIMIT_BYTES } from './limits.ts';
import type { Terminal } from './terminal.ts';

async function readStdin(limitBytes = SPEC_LIMIT_BYTES): Promise<string> {
  const pieces: Buffer[] = [];
  let total = 0;
  for await (const piece of process.stdin) {
    const bytes = Buffer.from(piece);
    total += bytes.byteLength;
    if (total > limitBytes) {
      throw new SwathError('LimitExceeded', `Standard input is over ${limitBytes} bytes.`);
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces, total).toString('utf8');
}

/** node:sqlite announces that it is experimental; which Node we need is our business, not the user's. */
function dropExperimentalWarnings(): void {
  const emit = process.emitWarning.bind(process);
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
}

/**
 * The terminal of this process. The first Ctrl-C (or SIGTERM) asks for an end; the second one does not wait for it.
 * A reader that closes our output (`| head`) ends the process quietly.
 */
export function processTerminal(): Terminal {
  dropExperimentalWarnings();
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: controller.signal,
    now: Date.now,
    readStdin,
  };
}

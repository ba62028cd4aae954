import { parseArgs } from 'node:util';
import { SwathError } from '@swath/core';
import { authOf } from './auth.ts';
import { type ExitCode, troubleOf } from './exit.ts';
import { DEFAULT_DATA, DEFAULT_PORT } from './limits.ts';
import { originsOf } from './origins.ts';
import { processTerminal } from './process-terminal.ts';
import { realTools } from './real-tools.ts';
import { runShow, type ShowOptions } from './show.ts';
import type { Env } from './terminal.ts';

/** @throws SwathError InvalidInput */
function optionsOf(args: readonly string[], env: Env): ShowOptions {
  let once: boolean;
  try {
    once = parseArgs({ args: [...args], options: { once: { type: 'boolean', default: false } } }).values.once;
  } catch (cause) {
    throw new SwathError('InvalidInput', (cause as Error).message, {
      fix: 'Use "npm start" or "npm start -- --once"; SWATH_DATA, SWATH_PORT and SWATH_CATALOGUE say the rest.',
      cause,
    });
  }
  // A run that ends takes any free port: nobody needs to know it, and two of them do not meet.
  const port = env['SWATH_PORT'] === undefined ? (once ? 0 : DEFAULT_PORT) : Number(env['SWATH_PORT']);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SwathError('InvalidInput', `SWATH_PORT is not a port: "${env['SWATH_PORT']}".`, {
      fix: 'Use 0 to 65535; 0 takes a free one.',
    });
  }
  const catalogue = env['SWATH_CATALOGUE'];
  return {
    dataFolder: env['SWATH_DATA'] ?? DEFAULT_DATA,
    port,
    auth: authOf(env),
    origins: originsOf(env),
    afterwards: once ? 'exit' : 'stay',
    ...(catalogue === undefined || catalogue === '' ? {} : { catalogue }),
  };
}

async function main(): Promise<ExitCode> {
  const terminal = processTerminal();
  try {
    return await runShow(optionsOf(process.argv.slice(2), terminal.env), terminal, realTools);
  } catch (error) {
    const { exit, json } = troubleOf(error);
    terminal.stderr.write(
      `error: ${json.message}\n${json.fix === undefined ? '' : `what to do: ${json.fix}\n`}`,
    );
    if (json.code === 'Bug' && error instanceof Error) terminal.stderr.write(`${error.stack ?? ''}\n`);
    return exit;
  }
}

process.exitCode = await main();

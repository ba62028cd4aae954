import { SWATH_VERSION } from '@swath/core';
import { Command, CommanderError } from 'commander';
import { addAois } from './commands/aois.ts';
import { addCancel } from './commands/cancel.ts';
import type { AddCommand, Bind } from './commands/command.ts';
import { addDestroy } from './commands/destroy.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addGet } from './commands/get.ts';
import { addGraph } from './commands/graph.ts';
import { addIndices } from './commands/indices.ts';
import { addPlan } from './commands/plan.ts';
import { addRaster } from './commands/raster.ts';
import { addRequests } from './commands/requests.ts';
import { addRetry } from './commands/retry.ts';
import { addRun } from './commands/run.ts';
import { addSearch } from './commands/search.ts';
import { addShow } from './commands/show.ts';
import { addSql } from './commands/sql.ts';
import { addStats } from './commands/stats.ts';
import { addSubmit } from './commands/submit.ts';
import { addToken } from './commands/token.ts';
import { addUp } from './commands/up.ts';
import { addUpload, addUploads } from './commands/upload.ts';
import { addUsage } from './commands/usage.ts';
import { addWatch } from './commands/watch.ts';
import { type GlobalOptions, makeContext } from './context.ts';
import { type ExitCode, exitCode, troubleOf } from './exit.ts';
import { colorsFor, plain, type Terminal } from './terminal.ts';
import type { Tools } from './tools.ts';

const commands: readonly AddCommand[] = [
  addUp,
  addToken,
  addSearch,
  addPlan,
  addSubmit,
  addRequests,
  addShow,
  addWatch,
  addCancel,
  addRetry,
  addGet,
  addAois,
  addUpload,
  addUploads,
  addUsage,
  addIndices,
  addGraph,
  addRaster,
  addRun,
  addSql,
  addExport,
  addStats,
  addDoctor,
  addDestroy,
];

const help = `
Exit codes: 0 done; 1 the request failed, or a bug; 2 wrong usage or input; 3 not found; 4 not allowed;
5 the server or a source of imagery is not available; 130 interrupted.
Environment: SWATH_URL, SWATH_TOKEN, SWATH_AUTH, SWATH_ORIGINS, SWATH_CATALOGUE, SWATH_DATA, SWATH_ATHENA_WORKGROUP,
SWATH_ATHENA_DATABASE, SWATH_POSTGRES_URL, NO_COLOR.`;

/** Every command takes these, wherever they stand. */
function addGlobalOptions(command: Command): void {
  for (const child of command.commands) addGlobalOptions(child);
  if (command.commands.length > 0) return;
  command
    .option('--json', 'one JSON document on stdout, and nothing else')
    .option('--url <url>', 'address of the server (SWATH_URL)')
    .option('--debug', 'stack traces with errors');
}

/** Tells an error: people on stderr, programs (with --json) on stdout. */
function complain(error: unknown, options: GlobalOptions, terminal: Terminal): ExitCode {
  const { exit, json } = troubleOf(error);
  const colors = colorsFor(terminal.stderr, terminal.env);
  if (options.json === true) terminal.stdout.write(`${JSON.stringify({ error: json })}\n`);
  const where = json.pointer === undefined || json.pointer === '' ? '' : ` (at ${plain(json.pointer)})`;
  terminal.stderr.write(`${colors.red('error')}: ${plain(json.message)}${where}\n`);
  if (json.fix !== undefined) terminal.stderr.write(`${colors.bold('what to do')}: ${plain(json.fix)}\n`);
  if (options.debug === true && error instanceof Error) terminal.stderr.write(`${error.stack ?? ''}\n`);
  return exit;
}

/** Runs one command line. Nothing outside `terminal` is touched, besides what the command itself is about. */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  tools: Tools,
): Promise<ExitCode> {
  let exit: ExitCode = exitCode.ok;
  // commander hands over the arguments, then the options, then the command.
  const bind: Bind =
    <A extends readonly unknown[]>(
      action: (context: ReturnType<typeof makeContext>, ...a: A) => Promise<ExitCode | undefined>,
    ) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.opts<GlobalOptions>();
      try {
        const ownArguments = given.slice(0, -1) as unknown as A;
        exit = (await action(makeContext(terminal, tools, options), ...ownArguments)) ?? exitCode.ok;
      } catch (error) {
        exit = complain(error, options, terminal);
      }
    };
  const program = new Command('swath')
    .description('Satellite imagery ordered by area, time and band; analysis-ready results back.')
    .version(SWATH_VERSION)
    // Ours before the command, the command's behind it: "aois show" has a --version of its own.
    .enablePositionalOptions()
    .addHelpText('after', help);
  for (const add of commands) add(program, bind);
  addGlobalOptions(program);
  const silence = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
    command.showHelpAfterError('(--help says how)').showSuggestionAfterError();
    command.commands.forEach(silence);
  };
  silence(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exit = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    if (exit !== exitCode.ok && args.includes('--json')) {
      const message = error.message.replace(/^error: /, '');
      terminal.stdout.write(
        `${JSON.stringify({ error: { code: 'InvalidInput', message, fix: 'See --help.' } })}\n`,
      );
    }
  }
  return exit;
}

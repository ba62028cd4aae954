import { SWATH_VERSION } from '@swath/core';
import { Command, CommanderError } from 'commander';
import type { AddCommand, Bind } from './commands/command.ts';
import { type GlobalOptions, makeContext } from './context.ts';
import { type ExitCode, exitCode, troubleOf } from './exit.ts';
import { colorsFor, plain, type Terminal } from './terminal.ts';
import type { Tools } from './tools.ts';

/** By name, in the order of the help. Only what is asked for is loaded: each has its own packages behind it. */
const commands = {
  up: async () => (await import('./commands/up.ts')).addUp,
  token: async () => (await import('./commands/token.ts')).addToken,
  search: async () => (await import('./commands/search.ts')).addSearch,
  plan: async () => (await import('./commands/plan.ts')).addPlan,
  submit: async () => (await import('./commands/submit.ts')).addSubmit,
  requests: async () => (await import('./commands/requests.ts')).addRequests,
  show: async () => (await import('./commands/show.ts')).addShow,
  watch: async () => (await import('./commands/watch.ts')).addWatch,
  cancel: async () => (await import('./commands/cancel.ts')).addCancel,
  retry: async () => (await import('./commands/retry.ts')).addRetry,
  get: async () => (await import('./commands/get.ts')).addGet,
  aois: async () => (await import('./commands/aois.ts')).addAois,
  upload: async () => (await import('./commands/upload.ts')).addUpload,
  uploads: async () => (await import('./commands/upload.ts')).addUploads,
  usage: async () => (await import('./commands/usage.ts')).addUsage,
  indices: async () => (await import('./commands/indices.ts')).addIndices,
  graph: async () => (await import('./commands/graph.ts')).addGraph,
  raster: async () => (await import('./commands/raster.ts')).addRaster,
  run: async () => (await import('./commands/run.ts')).addRun,
  sql: async () => (await import('./commands/sql.ts')).addSql,
  export: async () => (await import('./commands/export.ts')).addExport,
  stats: async () => (await import('./commands/stats.ts')).addStats,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  destroy: async () => (await import('./commands/destroy.ts')).addDestroy,
} as const satisfies Readonly<Record<string, () => Promise<AddCommand>>>;

/** What the command line asks for; every command where it names none, as `--help` does. */
async function askedFor([name = '']: readonly string[]): Promise<readonly AddCommand[]> {
  const own = Object.entries(commands).filter(([known]) => known === name);
  const wanted = own.length > 0 ? own : Object.entries(commands);
  return Promise.all(wanted.map(([, load]) => load()));
}

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
  for (const add of await askedFor(args)) add(program, bind);
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

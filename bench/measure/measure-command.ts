import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGroupMemory } from './process-group.ts';

export interface Command {
  readonly argv: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One run of a whole process tree, start-up included. */
export interface Measured {
  readonly wallS: number;
  /** User + system time of the process and of all it waited for. */
  readonly cpuS: number;
  /** Largest sum of resident memory over the tree, of samples 50 ms apart; null where /proc is not there. */
  readonly peakBytes: number | null;
}

/** Often enough for jobs of a second, seldom enough to cost under 1 % of a core. */
const SAMPLE_EVERY_MS = 50;

/** What is shown of a failed program's last words. */
const TAIL_CHARS = 2000;

/** A command did not end in time, or ended badly. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly argv: readonly string[];
  /** Without command line and output: free of this machine's paths. */
  readonly why: string;
  constructor(argv: readonly string[], why: string, tail: string) {
    super(`${why}: ${argv.join(' ')}\n${tail}`);
    this.argv = argv;
    this.why = why;
  }
}

/**
 * Runs a command in a process group of its own and measures it with bash's `time` keyword (getrusage of waited-for
 * children), so neither harness nor shell count. The group is killed when it takes longer than `timeoutMs`.
 *
 * @throws CommandFailed with the end of its output.
 */
export async function measureCommand(command: Command, timeoutMs: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'swath-measure-'));
  const times = join(folder, 'times');
  // File descriptor 3 keeps the command's own stderr; what is left of stderr is the answer of `time`.
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&3; } 3>&2 2>"$0"';
  try {
    const peakBytes = await runGroup(['bash', '-c', script, times, ...command.argv], command, timeoutMs);
    const [wallS, userS, systemS] = readFileSync(times, 'utf8').trim().split(' ').map(Number);
    if (wallS === undefined || userS === undefined || systemS === undefined) {
      throw new CommandFailed(command.argv, 'bash gave no times', '');
    }
    return { wallS, cpuS: userS + systemS, peakBytes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runGroup(
  argv: readonly string[],
  command: Command,
  timeoutMs: number,
): Promise<number | null> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    detached: true, // Leads a group of its own.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', ...command.env },
  });
  let tail = '';
  const keep = (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const { pid } = child;
  const memory = pid === undefined ? () => undefined : createGroupMemory(pid);
  let peakBytes: number | null = null;
  const sampler = setInterval(() => {
    const bytes = memory();
    if (bytes !== undefined) peakBytes = Math.max(peakBytes ?? 0, bytes);
  }, SAMPLE_EVERY_MS);
  const killGroup = () => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // Nobody is left in it: it has ended by itself at this very moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  let timedOut = false;
  const killer = setTimeout(() => {
    timedOut = true;
    killGroup();
  }, timeoutMs);
  // A group of its own does not hear the terminal's Ctrl-C.
  const interrupted = () => {
    killGroup();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (timedOut) throw new CommandFailed(command.argv, `killed after ${timeoutMs / 1000} s`, tail);
    if (code !== 0) throw new CommandFailed(command.argv, `exit code ${code}`, tail);
    return peakBytes;
  } finally {
    clearInterval(sampler);
    clearTimeout(killer);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  }
}

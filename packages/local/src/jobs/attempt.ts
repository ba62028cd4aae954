import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname } from 'node:path';
import type { AttemptEnd } from './journal.ts';
import { TERMINATION_GRACE_MS } from './limits.ts';
import { EXITED, INTERRUPTED, TIMED_OUT } from './status-reasons.ts';

export interface AttemptOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Standard output and error of this attempt, created with its folder. */
  readonly logFile: string;
  readonly timeoutMs: number;
  readonly graceMs?: number;
}

/** A running process of one attempt. */
export interface RunningAttempt {
  readonly pid: number | undefined;
  readonly ended: Promise<AttemptEnd>;
  /** SIGTERM now, SIGKILL after the grace; the first cause given is the one reported. */
  readonly end: (cause: 'cancelled' | 'stopped', reason: string) => void;
}

/**
 * Variables of the runtime's own environment that a job sees: what a program needs to start, to find its temporary
 * folder and to reach the network. Everything else, credentials above all, stays out.
 */
const INHERITED = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SystemRoot',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'TZ',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
];

/**
 * Starts one attempt. Its standard input is a pipe whose other end only this process holds: when this process dies,
 * however it dies, the pipe closes, and a child that watches it (`SWATH_PARENT_WATCH=stdin`) ends by itself.
 */
export function startAttempt(options: AttemptOptions): RunningAttempt {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, [...options.args], {
    stdio: ['pipe', log, log],
    env: { ...inherited(), ...options.environment, SWATH_PARENT_WATCH: 'stdin' },
    // A group of its own: Ctrl-C in the terminal reaches the runtime, which then decides about its children.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  closeSync(log);
  if (child.pid !== undefined) lowerPriority(child.pid);

  let cause: AttemptEnd['cause'] = 'exited';
  let reason = '';
  let killTimer: NodeJS.Timeout | undefined;
  const terminate = (why: AttemptEnd['cause'], text: string): void => {
    if (cause !== 'exited') return;
    cause = why;
    reason = text;
    askToEnd(child);
    killTimer = setTimeout(() => signalGroup(child, 'SIGKILL'), options.graceMs ?? TERMINATION_GRACE_MS);
  };
  const timeout = setTimeout(() => terminate('timed-out', TIMED_OUT), options.timeoutMs);

  const ended = new Promise<AttemptEnd>((resolve) => {
    const finish = (exitCode: number, text: string) => {
      clearTimeout(timeout);
      clearTimeout(killTimer);
      resolve({ cause, exitCode, statusReason: cause === 'exited' ? text : reason });
    };
    child.once('error', (error) => finish(127, `CannotStartContainerError: ${error.message}`));
    child.once('exit', (code, signal) =>
      signal === null ? finish(code ?? 1, EXITED) : finish(128 + constants.signals[signal], INTERRUPTED),
    );
  });
  // A child may close its input early; the pipe is there to be closed, not to be written.
  child.stdin?.on('error', () => {});
  return { pid: child.pid, ended, end: terminate };
}

function inherited(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Windows has no SIGTERM: there the closed input is the request. */
function askToEnd(child: ChildProcess): void {
  if (process.platform === 'win32') child.stdin?.end();
  else child.kill('SIGTERM');
}

/** To the child and whatever it started. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Below normal, so that the machine's user does not feel the jobs. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

export function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'ERR_SYSTEM_ERROR')
  );
}

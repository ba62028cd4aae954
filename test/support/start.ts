import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of ours, with everything it printed. */
export interface Started {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves with the first match in the whole lines it printed, of either stream. @throws when it ends without one. */
  saw(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Starts one of the project's TypeScript entrypoints with this Node. */
export const startScript = (
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Started =>
  startProgram(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve(root, script), ...args],
    env,
  );

/** Starts a program in the repository's folder. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Started {
  const child = spawn(command, [...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const seen = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text: string) => {
      seen[stream] += text;
      for (const look of watchers) look();
    });
  }
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code) => {
      done({ code, ...seen });
      for (const look of watchers) look();
    });
  });
  const saw = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((found, missing) => {
      const look = () => {
        // One stream after the other: a line of the second must not end what the first has only begun.
        const match = wholeLines(seen.stdout).match(pattern) ?? wholeLines(seen.stderr).match(pattern);
        if (match) found(match);
        else if (child.exitCode !== null || child.signalCode !== null) {
          missing(new Error(`ended without ${pattern}:\n${seen.stdout}\n${seen.stderr}`));
        } else return;
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });
  return { process: child, finished, saw };
}

/** A line comes in pieces as the pipe has room; half an address or a token would match, too. */
const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);

export function temporaryFolder(prefix: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `swath-${prefix}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

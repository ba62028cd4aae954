import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '../../packages/cli/bin/swath.mjs');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  /** Called with all of stderr so far, on each piece. */
  onStderr?(text: string, child: ChildProcess): void;
}

/** Runs the real `swath` command in processes of its own, with nothing of our environment but PATH. */
export function swathRunner(where: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}): (args: readonly string[], options?: RunOptions) => Promise<Ran> {
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [bin, ...args], {
        cwd: where.cwd,
        env: { PATH: process.env['PATH'] ?? '', SWATH_BUNDLE: 'off', ...where.env },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (data: Buffer) => {
        stdout += data.toString();
      });
      child.stderr.on('data', (data: Buffer) => {
        stderr += data.toString();
        options.onStderr?.(stderr, child);
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
      child.stdin.end(options.stdin ?? '');
    });
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Longest a helper program may take: the whole tile's slowest, a comparison of 120 Mpixel, takes half a minute. */
const HELPER_TIMEOUT_MS = 600_000;

/** Runs a helper program that is not measured; its standard output. @throws Error with its standard error. */
export async function runQuietly(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, [...args], {
    timeout: HELPER_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

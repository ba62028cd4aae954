import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names one process for good: pids are reused, a pid with its start time is not. On Linux the start time counts from
 * boot, so the boot id belongs to it.
 *
 * @returns undefined when no such process runs (a zombie does not run).
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxIdentity(pid);
  const started =
    process.platform === 'win32'
      ? await output('powershell.exe', [
          '-NoProfile',
          '-Command',
          `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().Ticks`,
        ])
      : await output('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return started === '' ? undefined : `${process.platform}:${started}`;
}

/** /proc/<pid>/stat, man proc_pid_stat(5): `pid (comm) state ... starttime(22)`; comm may hold spaces and brackets. */
function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    if (state === 'Z' || state === 'X') return undefined;
    return `linux:${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    // ENOENT or ESRCH: it ended.
    return undefined;
  }
}

/** Standard output, trimmed; empty when the command fails, which is how ps and Get-Process say "no such process". */
function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: 10_000 }, (error, stdout) => resolve(error ? '' : stdout.trim()));
  });
}

import { readFileSync, writeFileSync } from 'node:fs';

/** CPU time of this process, all threads, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const MIB = 1024 * 1024;

/** Where Linux lets a process forget its peak of resident memory, so that each file has a peak of its own. */
const canReset = (() => {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
})();

/** Resident memory now, and a new start for `peakMiB`. */
export function startPeakMiB(): number {
  if (canReset) writeFileSync('/proc/self/clear_refs', '5');
  return process.memoryUsage.rss() / MIB;
}

/** Highest resident memory since `startPeakMiB` (elsewhere than on Linux: since the process began, so never too low). */
export function peakMiB(): number {
  if (canReset) {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line !== null) return Number(line[1]) / 1024;
  }
  return process.resourceUsage().maxRSS / 1024;
}

import type { JobUse } from '@swath/requests';

export interface JobMeter {
  readonly onRead: (bytes: number) => void;
  /** What the process used since it began, then since the last answer. */
  readonly used: () => JobUse;
}

/** Wall clock and CPU of all threads, in seconds to the millisecond, and bytes it was told of. */
export function jobMeter(): JobMeter {
  let [wallMs, cpuUs, readBytes] = [0, 0, 0];
  return {
    onRead: (bytes) => {
      readBytes += bytes;
    },
    used: () => {
      const nowMs = performance.now();
      const { user, system } = process.cpuUsage();
      const use = {
        seconds: Math.round(nowMs - wallMs) / 1000,
        cpuSeconds: Math.round((user + system - cpuUs) / 1000) / 1000,
        readBytes,
      };
      [wallMs, cpuUs, readBytes] = [nowMs, user + system, 0];
      return use;
    },
  };
}

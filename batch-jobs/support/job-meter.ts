import type { JobUse } from '@swath/requests';

/**
 * @returns a function that says what the process used since it began, then since its last answer: wall clock, and CPU of
 * all threads, in seconds to the millisecond.
 */
export function jobMeter(): () => JobUse {
  let [wallMs, cpuUs] = [0, 0];
  return () => {
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage();
    const used = {
      seconds: Math.round(nowMs - wallMs) / 1000,
      cpuSeconds: Math.round((user + system - cpuUs) / 1000) / 1000,
    };
    wallMs = nowMs;
    cpuUs = user + system;
    return used;
  };
}

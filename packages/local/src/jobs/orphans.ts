import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@swath/core';
import { isGone } from './attempt.ts';
import { ORPHAN_GRACE_MS, ORPHAN_KILL_WAIT_MS, ORPHAN_POLL_MS } from './limits.ts';
import { processIdentity } from './process-identity.ts';

/**
 * Ends a process that an earlier life of the runtime started, and waits until it is gone: its next attempt must not
 * run beside it. A pid that meanwhile belongs to somebody else is left alone.
 */
export async function endOrphan(pid: number, identity: string, log: Logger): Promise<void> {
  const alive = async () => (await processIdentity(pid)) === identity;
  if (!(await alive())) return;
  log.warn('Job:Orphan:Ended', { pid });
  send(pid, 'SIGTERM');
  if (await gone(alive, ORPHAN_GRACE_MS)) return;
  send(pid, 'SIGKILL');
  if (await gone(alive, ORPHAN_KILL_WAIT_MS)) return;
  // Stuck in the kernel. Attempts share no folder, so the next one is safe beside it.
  log.error('Job:Orphan:Stuck', { pid });
}

async function gone(alive: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += ORPHAN_POLL_MS) {
    if (!(await alive())) return true;
    await sleep(ORPHAN_POLL_MS);
  }
  return !(await alive());
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

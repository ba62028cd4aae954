import type { JobEvent } from '@swath/ports';
import type { RequestDeps } from '../deps.ts';
import { applyTruth, awaits } from '../job-truth.ts';
import { parseJobName } from '../names.ts';
import { change } from '../outbox.ts';
import { note } from '../store/draft.ts';
import { staleKey } from '../store/keys.ts';
import { readHead } from '../store/read.ts';
import type { Head } from '../store/rows.ts';

/** What became of an event: `ignored` is another system's, `stale` an older attempt's, `late` needs nothing any more. */
export type Tracked = 'applied' | 'ignored' | 'stale' | 'late';

/**
 * A job has changed its state. The event is only a hint that it is worth looking: events are repeated, reordered,
 * lost and sent by others, so the job is described and its report read before anything is written.
 */
export async function track(deps: RequestDeps, event: JobEvent): Promise<Tracked> {
  const named = parseJobName(event.jobName);
  const head = named === undefined ? undefined : await readHead(deps.table, named.requestId);
  if (named === undefined || head === undefined || named.attempt > head.attempt) return 'ignored';
  if (named.attempt < head.attempt) {
    await recordStale(deps, head, named.attempt, event);
    return 'stale';
  }
  if (!awaits(head, named.stage)) return 'late';
  const [described] = await deps.jobs.describe([event.jobId]);
  const job = described?.name === event.jobName ? described : await deps.jobs.findByName(event.jobName);
  // Not known to the executor: forged, or forgotten after its retention. The sweep decides by time.
  if (job === undefined) return 'ignored';
  await applyTruth(deps, head, named.stage, job);
  return 'applied';
}

/** Once per job and status, however often the event comes. */
async function recordStale(deps: RequestDeps, seen: Head, attempt: number, event: JobEvent): Promise<void> {
  const key = staleKey(seen.id, `${event.jobName}#${event.status}`);
  await change(deps, seen.id, async (head) => {
    if ((await deps.table.get(key)) !== undefined) return undefined;
    return note(deps.clock.now(), {
      head,
      kind: 'stale',
      attemptOfEvent: attempt,
      message: `Job ${event.jobName} is ${event.status}, after its attempt was over.`,
      writes: [{ put: { ...key }, if: { exists: false } }],
    });
  });
}

import { listChunkReports } from './chunks.ts';
import type { RequestDeps } from './deps.ts';
import { failureView } from './reasons.ts';
import { readAttempt, readResults, readSpec } from './store/read.ts';
import type { Head } from './store/rows.ts';
import type { RequestView } from './view.ts';

type Deps = Pick<RequestDeps, 'table' | 'work'>;

/**
 * A request as its owner sees it. `live` counts the chunks that are done while they are processed, which lists the
 * staging area; in listings the count is that of the last change.
 */
export async function toView(deps: Deps, head: Head, detail: 'live' | 'listed'): Promise<RequestView> {
  const hasResults = (head.state === 'succeeded' || head.state === 'partial') && head.resultKey !== null;
  return {
    id: head.id,
    project: head.project,
    name: head.name,
    labels: head.labels,
    state: head.state,
    waitingReason: head.waitingReason,
    attempt: head.attempt,
    createdAt: head.createdAt,
    updatedAt: head.updatedAt,
    deadlineAt: head.deadlineAt,
    spec: await readSpec(deps.table, head),
    progress: {
      scenes: head.scenes,
      products: head.products,
      chunksDone: detail === 'live' ? await chunksDone(deps, head) : head.chunksDone,
      chunksTotal: head.chunksTotal,
    },
    failure: head.failure === null ? null : failureView(head.failure),
    results: hasResults && head.resultKey !== null ? await readResults(deps.table, head.resultKey) : [],
    reused: head.reused,
    contentKey: head.contentKey,
    warnings: head.warnings,
  };
}

/** Reports there are, of chunks that failed too: they are looked into when the job has ended. */
async function chunksDone(deps: Deps, head: Head): Promise<number> {
  if (head.state !== 'processing' || head.chunksTotal === null) return head.chunksDone;
  const attempt = await readAttempt(deps.table, head);
  if (attempt.children === null) return head.chunksDone;
  // Since it was planned, the head counts what earlier attempts had done.
  const now = (await listChunkReports(deps.work, head.id, head.attempt)).size;
  return Math.min(head.chunksDone + now, head.chunksTotal);
}

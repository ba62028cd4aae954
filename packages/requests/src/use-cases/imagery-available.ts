import { contentHash } from '@swath/core';
import type { RequestDeps, RequestMessage } from '../deps.ts';
import { readReport } from '../documents.ts';
import { failureDraft } from '../failing.ts';
import { reportKeys, stagingPrefix } from '../names.ts';
import { change } from '../outbox.ts';
import type { AcquiredScenes } from '../product.ts';
import { type Failure, isReason } from '../reasons.ts';
import { addWarnings, move } from '../store/draft.ts';
import { readAttempt } from '../store/read.ts';

/**
 * Imagery is there: with at least one usable scene the request goes on, the others become warnings. Results that lack
 * a scene are not what the content key promises, so they get a key of their own and are not shared.
 */
export async function imageryAvailable(deps: RequestDeps, message: RequestMessage): Promise<void> {
  await change(deps, message.requestId, async (head) => {
    if (head.attempt !== message.attempt || head.state !== 'acquiring') return undefined;
    const acquiredKey = reportKeys.acquire(stagingPrefix(head.id, head.attempt));
    const report = await readReport(deps.work, 'acquire', acquiredKey);
    const attempt = await readAttempt(deps.table, head);
    const nowMs = deps.clock.now();
    if (!report?.ok) {
      const failure = report?.failure ?? { reason: 'RESULT_MISSING', message: 'Acquire left no report.' };
      return failureDraft(nowMs, head, attempt, failure);
    }
    const { scenes, failed, assets } = report.value;
    const failedScenes = new Set(failed.map((one) => one.sceneIndex));
    if (failedScenes.size >= scenes.length) {
      return failureDraft(nowMs, head, attempt, allFailed(report.value));
    }
    const missing = [...failedScenes].sort((a, b) => a - b);
    return move(nowMs, {
      head,
      from: 'acquiring',
      to: 'processing',
      message: `${scenes.length - missing.length} of ${scenes.length} scenes can be used.`,
      set: {
        warnings: addWarnings(head.warnings, [
          ...failed.map(
            (one) => `Scene ${scenes[one.sceneIndex]?.id} is left out, ${one.reason}: ${one.message}`,
          ),
          ...assets.flatMap((asset) => asset.warnings),
        ]),
      },
      attempt: {
        acquiredKey,
        resultBase:
          missing.length === 0 ? head.contentKey : contentHash({ of: head.contentKey, without: missing }),
      },
      effects: [{ kind: 'send', queue: 'dispatch', delayS: 0 }],
    });
  });
}

function allFailed(acquired: AcquiredScenes): Failure {
  const first = acquired.failed[0];
  const more = acquired.failed.length > 1 ? ` (and ${acquired.failed.length - 1} more scenes)` : '';
  return {
    reason: isReason(first?.reason) ? first.reason : 'ASSET_MISSING',
    message: `${first?.message ?? 'No scene can be used.'}${more}`,
  };
}

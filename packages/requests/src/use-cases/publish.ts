import type { RequestDeps, RequestMessage } from '../deps.ts';
import { readReport } from '../documents.ts';
import { failureDraft } from '../failing.ts';
import { reportKeys, stagingPrefix } from '../names.ts';
import { change } from '../outbox.ts';
import type { ProductResult } from '../product.ts';
import type { Failure } from '../reasons.ts';
import { move } from '../store/draft.ts';
import { readAttempt, writeResults } from '../store/read.ts';
import { missingObjects } from './claim-content.ts';

/**
 * The results are published: check that they exist, then say so. The rows of the products come first and are found
 * only through the head or the content key, which the last transaction writes together.
 */
export async function publish(deps: RequestDeps, message: RequestMessage): Promise<void> {
  await change(deps, message.requestId, async (head) => {
    if (head.attempt !== message.attempt || head.state !== 'publishing' || head.resultKey === null) {
      return undefined;
    }
    const attempt = await readAttempt(deps.table, head);
    const report = await readReport(
      deps.work,
      'publish',
      reportKeys.publish(stagingPrefix(head.id, head.attempt)),
    );
    const failure = report?.ok ? await checkResults(deps, report.value) : (report?.failure ?? noReport);
    if (!report?.ok || failure !== undefined) {
      return failureDraft(deps.clock.now(), head, attempt, failure ?? noReport);
    }
    const products = report.value;
    await writeResults(deps.table, head.resultKey, products);
    const complete = attempt.missing === 0 && products.every((product) => product.failedChunks.length === 0);
    return move(deps.clock.now(), {
      head,
      from: 'publishing',
      to: complete ? 'succeeded' : 'partial',
      message: complete
        ? `${products.length} products are published.`
        : `${products.length} products are published; ${attempt.missing} chunks are missing in them.`,
      set: { products: products.length },
    });
  });
}

const noReport: Failure = { reason: 'RESULT_MISSING', message: 'Publish left no report.' };

async function checkResults(
  deps: RequestDeps,
  products: readonly ProductResult[],
): Promise<Failure | undefined> {
  if (products.length === 0) return { reason: 'RESULT_MISSING', message: 'Publish made no product.' };
  const missing = await missingObjects(deps.results, products);
  if (missing.length === 0) return undefined;
  return { reason: 'RESULT_MISSING', message: `${missing.length} published objects are not there.` };
}

import type { Objects, Write } from '@swath/ports';
import { forEachBounded } from '../chunks.ts';
import type { RequestDeps } from '../deps.ts';
import { SHARED_RECHECK_MS } from '../limits.ts';
import { change } from '../outbox.ts';
import type { ProductResult } from '../product.ts';
import { type Draft, move } from '../store/draft.ts';
import { contentHeadKey, followerKey } from '../store/keys.ts';
import { readAttempt, readContent, readResults } from '../store/read.ts';
import type { Attempt, ContentHead, Head } from '../store/rows.ts';

interface Claim {
  readonly contentKey: string;
  readonly scenesKey: string;
  readonly scenes: number;
  readonly warnings: readonly string[];
}

/**
 * Nothing is computed twice: the row of the content key says whether its results exist, who is making them, or that
 * they are free to make. Every answer is checked in the transaction that acts on it.
 */
export async function claimContent(deps: RequestDeps, seen: Head, claim: Claim): Promise<void> {
  await change(deps, seen.id, async (head) => {
    if (head.attempt !== seen.attempt || head.state !== 'ordering') return undefined;
    const content = await readContent(deps.table, claim.contentKey);
    if (content?.state === 'running' && content.leader !== head.id) {
      return followDraft(deps, head, claim, content);
    }
    if (content?.state === 'done') {
      const results = await usableResults(deps, claim.contentKey, content);
      if (results !== undefined) return reuseDraft(deps, head, claim, content, results);
    }
    return leadDraft(deps, head, await readAttempt(deps.table, head), claim, content);
  });
}

const same = (content: ContentHead) => ({ state: content.state, leader: content.leader });

/** Another request is at it: wait, and be woken. The check closes the gap to a leader that ends just now. */
function followDraft(deps: RequestDeps, head: Head, claim: Claim, content: ContentHead): Draft {
  return move(deps.clock.now(), {
    head,
    from: 'ordering',
    to: 'waiting',
    message: 'Another request is making the same pixels.',
    set: {
      waitingReason: 'shared',
      resumeState: 'ordering',
      contentKey: claim.contentKey,
      scenes: claim.scenes,
      warnings: [...claim.warnings],
    },
    attempt: { scenesKey: claim.scenesKey, contentKey: claim.contentKey },
    writes: [
      { check: contentHeadKey(claim.contentKey), if: { equals: same(content) } },
      { put: { ...followerKey(claim.contentKey, head.id), since: new Date(deps.clock.now()).toISOString() } },
    ],
    dueInMs: SHARED_RECHECK_MS,
  });
}

function reuseDraft(
  deps: RequestDeps,
  head: Head,
  claim: Claim,
  content: ContentHead,
  results: readonly ProductResult[],
): Draft {
  return move(deps.clock.now(), {
    head,
    from: 'ordering',
    to: 'succeeded',
    message: 'The results were there already.',
    set: {
      reused: true,
      contentKey: claim.contentKey,
      resultKey: claim.contentKey,
      scenes: claim.scenes,
      products: results.length,
      warnings: [...claim.warnings],
    },
    attempt: { scenesKey: claim.scenesKey, contentKey: claim.contentKey },
    writes: [{ check: contentHeadKey(claim.contentKey), if: { equals: settledAs(content) } }],
  });
}

const settledAs = (content: ContentHead) => ({ ...same(content), settledAt: content.settledAt ?? '' });

/** Takes the key and goes on where an earlier attempt of this request got to. */
function leadDraft(
  deps: RequestDeps,
  head: Head,
  attempt: Attempt,
  claim: Claim,
  content: ContentHead | undefined,
): Draft {
  const nowMs = deps.clock.now();
  const take: Write = {
    put: {
      ...contentHeadKey(claim.contentKey),
      state: 'running',
      leader: head.id,
      startedAt: new Date(nowMs).toISOString(),
      settledAt: null,
      availableUntil: null,
    },
    if:
      content === undefined
        ? { exists: false }
        : { equals: content.state === 'done' ? settledAs(content) : same(content) },
  };
  const acquired = attempt.acquiredKey !== null && attempt.resultBase !== null;
  return move(nowMs, {
    head,
    from: 'ordering',
    to: acquired ? 'processing' : 'acquiring',
    message: `${claim.scenes} scenes are pinned.`,
    set: {
      contentKey: claim.contentKey,
      leads: true,
      scenes: claim.scenes,
      warnings: [...claim.warnings],
    },
    attempt: { scenesKey: claim.scenesKey, contentKey: claim.contentKey },
    effects: [
      acquired ? { kind: 'send', queue: 'dispatch', delayS: 0 } : { kind: 'submit', stage: 'acquire' },
    ],
    writes: [take],
  });
}

/** Results that are kept long enough and whose objects exist. @returns undefined when they have to be made anew. */
export async function usableResults(
  deps: Pick<RequestDeps, 'table' | 'results' | 'clock'>,
  contentKey: string,
  content: ContentHead,
): Promise<readonly ProductResult[] | undefined> {
  const { availableUntil } = content;
  if (content.state !== 'done' || availableUntil === null) return undefined;
  if (Date.parse(availableUntil) <= deps.clock.now()) return undefined;
  const results = await readResults(deps.table, contentKey);
  return results.length > 0 && (await missingObjects(deps.results, results)).length === 0
    ? results
    : undefined;
}

/** Keys of objects that should be there and are not, or are not what was said: the truth behind every row. */
export async function missingObjects(objects: Objects, results: readonly ProductResult[]): Promise<string[]> {
  const missing: string[] = [];
  await forEachBounded(results, async ({ assets, sha256, sizeBytes }) => {
    const cog = await objects.head(assets.cog);
    if (cog === undefined || cog.sizeBytes !== sizeBytes || cog.sha256 !== sha256) missing.push(assets.cog);
    const { thumbnail, item, statistics, zones = [], zonesCsv = [] } = assets;
    for (const key of [thumbnail, item, statistics, zones, zonesCsv].flat()) {
      if ((await objects.head(key)) === undefined) missing.push(key);
    }
  });
  return missing;
}

import { errorJson, isSwathError } from '@swath/core';
import type { Scene } from '@swath/stac';
import { type CheckedSpec, checkSpec } from '../check/check-spec.ts';
import { contentKey } from '../content-key.ts';
import type { RequestDeps, RequestMessage } from '../deps.ts';
import { type PinnedScenes, readDocument, writeDocument, writeDocumentOnce } from '../documents.ts';
import { endDraft } from '../failing.ts';
import {
  PROVIDER_WAIT_FIRST_MS,
  PROVIDER_WAIT_MAX_MS,
  RETRY_AFTER_MAX_MS,
  RETRY_AFTER_MIN_MS,
} from '../limits.ts';
import type { AcquireManifest } from '../manifest.ts';
import { documentKeys, stagingPrefix } from '../names.ts';
import { change } from '../outbox.ts';
import { type Failure, failureOfError, reasons } from '../reasons.ts';
import { findScenes, providerOf } from '../search.ts';
import type { RequestSpec } from '../spec.ts';
import { addWarnings, type Draft, move } from '../store/draft.ts';
import { readAttempt, readSpec } from '../store/read.ts';
import type { Attempt, Head } from '../store/rows.ts';
import { claimContent } from './claim-content.ts';

/**
 * Finds the scenes of a request, pins them, and decides who makes the pixels: this request, another one that is at
 * it, or nobody because they are there.
 *
 * Any number of deliveries may run at once: the first to pin its scenes decides for all of them, and every write is
 * fenced. Searching twice costs a search.
 */
export async function order(deps: RequestDeps, message: RequestMessage): Promise<void> {
  const head = await change(deps, message.requestId, (current) =>
    current.attempt === message.attempt && current.state === 'accepted'
      ? move(deps.clock.now(), {
          head: current,
          from: 'accepted',
          to: 'ordering',
          message: 'Looking for imagery.',
        })
      : undefined,
  );
  if (head === undefined || head.attempt !== message.attempt || head.state !== 'ordering') return;
  const attempt = await readAttempt(deps.table, head);
  const spec = await readSpec(deps.table, head);
  const found = await pinScenes(deps, head, attempt, spec);
  if ('error' in found) return stop(deps, head, found.error);
  const { scenes, skipped } = found.pinned;
  if (scenes.length === 0) return stop(deps, head, noImagery(skipped.length));

  const key = contentKey(found.checked, scenes);
  await writeAcquireManifest(deps, head, found.checked.spec, scenes);
  const warnings = addWarnings(
    head.warnings,
    skipped.map((item) => `Item ${item.id} is left out: ${item.reason}`),
  );
  await claimContent(deps, head, { contentKey: key, scenesKey: found.key, scenes: scenes.length, warnings });
}

type Pinned =
  | { readonly pinned: PinnedScenes; readonly key: string; readonly checked: CheckedSpec }
  | { readonly error: unknown };

/** The scenes an earlier attempt or delivery pinned, else those found now. */
async function pinScenes(
  deps: RequestDeps,
  head: Head,
  attempt: Attempt,
  spec: RequestSpec,
): Promise<Pinned> {
  const key = attempt.scenesKey ?? documentKeys.scenes(head.id, head.attempt);
  const before = await readDocument(deps.work, 'scenes', key);
  let checked: CheckedSpec;
  let found: PinnedScenes;
  try {
    // Again: a newer version may refuse what an older one accepted.
    checked = checkSpec(spec);
    found = before ?? (await findScenes(deps, head.project, checked));
  } catch (error) {
    return { error };
  }
  if (before !== undefined || (await writeDocumentOnce(deps.work, key, found))) {
    return { pinned: found, key, checked };
  }
  return { pinned: (await readDocument(deps.work, 'scenes', key)) ?? found, key, checked };
}

async function writeAcquireManifest(
  deps: RequestDeps,
  head: Head,
  spec: RequestSpec,
  scenes: readonly Scene[],
): Promise<void> {
  const provider = spec.items === undefined ? providerOf(deps, head.project, spec) : undefined;
  const manifest: AcquireManifest = {
    kind: 'acquire',
    requestId: head.id,
    attempt: head.attempt,
    staging: stagingPrefix(head.id, head.attempt),
    spec,
    scenes,
    mode: provider?.acquire ?? 'reference',
  };
  await writeDocument(deps.work, documentKeys.manifest(head.id, head.attempt, 'acquire'), manifest);
}

const noImagery = (skipped: number): Failure => ({
  reason: 'NO_IMAGERY',
  message:
    skipped === 0
      ? 'The catalogue has no scene for this area, time and cloud cover.'
      : `None of the ${skipped} scenes found can be used.`,
});

/** A provider that is busy or away is waited for; everything else ends the request. */
async function stop(deps: RequestDeps, seen: Head, cause: unknown): Promise<void> {
  if (!isFailure(cause)) {
    deps.log.warn('Request:Order:Stopped', { requestId: seen.id, error: errorJson(cause) });
  }
  await change(deps, seen.id, (head) => {
    if (head.attempt !== seen.attempt || head.state !== 'ordering') return undefined;
    const failure = isFailure(cause) ? cause : failureOfError(cause);
    const throttled = isSwathError(cause, 'Throttled');
    if (throttled || isSwathError(cause, 'Unavailable'))
      return waitDraft(deps, head, cause, failure, throttled);
    return endDraft(deps.clock.now(), head, failure);
  });
}

function isFailure(cause: unknown): cause is Failure {
  return typeof cause === 'object' && cause !== null && 'reason' in cause && !(cause instanceof Error);
}

function waitDraft(
  deps: RequestDeps,
  head: Head,
  cause: { readonly retryAfterMs: number | undefined },
  failure: Failure,
  throttled: boolean,
): Draft {
  const waits = head.waits + 1;
  return move(deps.clock.now(), {
    head,
    from: 'ordering',
    to: 'waiting',
    message:
      `${failure.message} ${reasons[failure.reason].fault === 'provider' ? 'Trying again later.' : ''}`.trim(),
    set: { waitingReason: throttled ? 'rate-limit' : 'provider', resumeState: 'ordering', waits },
    dueInMs: waitMs(waits, cause.retryAfterMs, deps.random.fraction()),
  });
}

/**
 * Full jitter over the upper half: `backoff * (0.5 + fraction / 2)`, never earlier than the provider asks for.
 * @param waits 1 on the first wait.
 */
export function waitMs(waits: number, retryAfterMs: number | undefined, fraction: number): number {
  const backoff = Math.min(PROVIDER_WAIT_FIRST_MS * 2 ** (waits - 1), PROVIDER_WAIT_MAX_MS);
  const asked =
    retryAfterMs === undefined ? 0 : Math.min(Math.max(retryAfterMs, RETRY_AFTER_MIN_MS), RETRY_AFTER_MAX_MS);
  return Math.round(Math.max(asked, backoff * (0.5 + fraction / 2)));
}

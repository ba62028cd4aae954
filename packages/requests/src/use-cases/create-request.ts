import { canonicalJson, contentHash, isSwathError, SwathError } from '@swath/core';
import type { Write } from '@swath/ports';
import { withNamedArea } from '../aois/name-area.ts';
import { type CheckedSpec, checkAgainstProvider, checkSpec } from '../check/check-spec.ts';
import type { RequestDeps } from '../deps.ts';
import {
  DOOR_CHECK_MS,
  IDEMPOTENCY_HOURS,
  IDEMPOTENCY_KEY,
  INLINE_SPEC_CHARS,
  MAX_SPEC_CHARS,
  SPEC_PIECE_CHARS,
} from '../limits.ts';
import { apply } from '../outbox.ts';
import { providerOf } from '../search.ts';
import { newRequest } from '../store/create.ts';
import { idempotencyKey as idempotencyRowKey, specKey } from '../store/keys.ts';
import { readHead } from '../store/read.ts';
import { type Head, type Idempotency, parseIdempotency } from '../store/rows.ts';
import { toView } from '../to-view.ts';
import type { RequestView } from '../view.ts';
import { keepZones } from '../zones/keep-zones.ts';
import { withNamedZones } from '../zones/name-zones.ts';

export interface Created {
  readonly request: RequestView;
  /** False when the request was there already under the same Idempotency-Key. */
  readonly created: boolean;
}

/**
 * Accepts a request: checks it, then writes head, event, attempt, budget hold, idempotency key and the order message
 * in one transaction.
 *
 * @throws SwathError InvalidInput with pointer and fix, before anything is stored; Conflict when the key was used for
 *   another body; Unavailable when the table does not answer (the same call with the same key is safe).
 */
export async function createRequest(
  deps: RequestDeps,
  input: {
    readonly project: string;
    /** Who asks, for the accounts. */
    readonly user?: string;
    readonly body: unknown;
    readonly idempotencyKey?: string;
  },
): Promise<Created> {
  const { project, body, idempotencyKey } = input;
  const key = idempotencyKey === undefined ? undefined : checkKey(idempotencyKey);
  const checked = checkSpec(await withNamedZones(deps, project, await withNamedArea(deps, project, body)));
  const { spec } = checked;
  const bodyHash = contentHash(body);
  const before = key === undefined ? undefined : await readIdempotency(deps, project, key);
  if (before !== undefined && isAlive(deps, before)) return repeated(deps, before, bodyHash);
  await checkAtProvider(deps, project, checked);
  await keepZones(deps, project, checked);

  const text = canonicalJson(spec);
  if (text.length > MAX_SPEC_CHARS) {
    throw new SwathError(
      'LimitExceeded',
      `The request has ${text.length} characters; at most ${MAX_SPEC_CHARS}.`,
      {
        pointer: '',
        fix: 'Draw the area with fewer vertices.',
      },
    );
  }
  const inline = text.length <= INLINE_SPEC_CHARS;
  const pieces = inline ? [] : piecesOf(text);
  const id = deps.random.id();
  const draft = newRequest(deps.clock.now(), {
    id,
    project,
    requestedBy: input.user ?? null,
    name: spec.name ?? null,
    labels: spec.labels ?? {},
    retentionDays: spec.retentionDays,
    spec: inline ? text : null,
    specPieces: pieces.length,
    writes: [
      ...pieces.map((piece, at): Write => ({ put: { ...specKey(id, at), text: piece } })),
      ...(key === undefined ? [] : [claimKey(deps, project, key, { requestId: id, bodyHash }, before)]),
    ],
  });
  const head = await apply(deps, draft);
  if (head !== undefined) return { request: await viewNow(deps, head), created: true };
  // Only the key can be contended: another call with it was first.
  const winner = key === undefined ? undefined : await readIdempotency(deps, project, key);
  if (winner === undefined)
    throw new SwathError('Unavailable', 'The request could not be stored; send it again.');
  return repeated(deps, winner, bodyHash);
}

/** What the caller sees is what is there now: side effects may already have moved it on. */
async function viewNow(deps: RequestDeps, head: Head): Promise<RequestView> {
  return toView(deps, (await readHead(deps.table, head.id)) ?? head, 'live');
}

function checkKey(key: string): string {
  if (IDEMPOTENCY_KEY.test(key)) return key;
  throw new SwathError('InvalidInput', 'The Idempotency-Key has to be 1 to 128 letters, digits, - or _.', {
    pointer: '',
    fix: 'Send a UUID as the Idempotency-Key.',
  });
}

async function readIdempotency(
  deps: RequestDeps,
  project: string,
  key: string,
): Promise<Idempotency | undefined> {
  const row = await deps.table.get(idempotencyRowKey(project, key));
  return row === undefined ? undefined : parseIdempotency(row);
}

/** The store deletes expired rows late; the promise ends on time. */
const isAlive = (deps: RequestDeps, row: Idempotency): boolean => row.expiresAt * 1000 > deps.clock.now();

function claimKey(
  deps: RequestDeps,
  project: string,
  key: string,
  claim: { readonly requestId: string; readonly bodyHash: string },
  expired: Idempotency | undefined,
): Write {
  return {
    put: {
      ...idempotencyRowKey(project, key),
      ...claim,
      expiresAt: Math.floor(deps.clock.now() / 1000) + IDEMPOTENCY_HOURS * 3600,
    },
    if: expired === undefined ? { exists: false } : { equals: { requestId: expired.requestId } },
  };
}

async function repeated(deps: RequestDeps, row: Idempotency, bodyHash: string): Promise<Created> {
  if (row.bodyHash !== bodyHash) {
    throw new SwathError('Conflict', 'This Idempotency-Key was used for another request.', {
      fix: 'Use a new key for a new request, or send the same body again.',
    });
  }
  const head = await readHead(deps.table, row.requestId);
  if (head === undefined) throw new SwathError('Corrupt', 'The request of this Idempotency-Key is gone.');
  return { request: await toView(deps, head, 'live'), created: false };
}

/** Never cuts a surrogate pair in two. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + SPEC_PIECE_CHARS, text.length);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end--;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** Collections and bands against what the provider has, when it answers in time. Its silence is no reason to refuse. */
async function checkAtProvider(deps: RequestDeps, project: string, checked: CheckedSpec): Promise<void> {
  const { spec } = checked;
  if (spec.items !== undefined) return;
  const provider = providerOf(deps, project, spec);
  const signal = AbortSignal.timeout(DOOR_CHECK_MS);
  const known = await withinTime(provider.collections(signal), signal).catch((error: unknown) => {
    deps.log.warn('Provider:Collections:Failed', {
      provider: provider.id,
      code: isSwathError(error) ? error.code : 'Cancelled',
    });
    return undefined;
  });
  if (known !== undefined && known.length > 0) checkAgainstProvider(checked, known);
}

function withinTime<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new SwathError('Unavailable', 'The provider does not answer in time.'));
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

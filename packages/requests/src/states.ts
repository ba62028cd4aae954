import { SwathError } from '@swath/core';
import type { RequestState } from './view.ts';

/**
 * Which state may follow which within one attempt. Terminal states have no successor: a later attempt begins anew
 * (`newAttemptFrom`).
 *
 * - `ordering -> succeeded`: the results are there already.
 * - `ordering -> processing`: a later attempt of work that was acquired before.
 * - `waiting` goes back to where it came from (`resumeState` on the head); `shared` and provider waits to `ordering`.
 * - `cancelling` ends in `cancelled` only: whatever the jobs still report, the user's word stands.
 */
export const transitions = {
  accepted: ['ordering', 'cancelling', 'failed', 'expired'],
  ordering: ['acquiring', 'processing', 'waiting', 'succeeded', 'cancelling', 'failed', 'expired'],
  acquiring: ['processing', 'waiting', 'cancelling', 'failed', 'expired'],
  processing: ['publishing', 'waiting', 'cancelling', 'failed', 'expired'],
  publishing: ['succeeded', 'partial', 'waiting', 'cancelling', 'failed', 'expired'],
  waiting: ['ordering', 'acquiring', 'processing', 'publishing', 'cancelling', 'failed', 'expired'],
  cancelling: ['cancelled'],
  succeeded: [],
  partial: [],
  failed: [],
  cancelled: [],
  expired: [],
} as const satisfies Readonly<Record<RequestState, readonly RequestState[]>>;

/** What may follow `S` within an attempt: an illegal change does not compile. */
export type NextState<S extends RequestState> = (typeof transitions)[S][number];

/**
 * States from which attempt n + 1 may begin, always in `accepted`: by the machine itself from the states where jobs
 * run, by the user from the final ones that did not succeed.
 */
export const newAttemptFrom = {
  machine: ['acquiring', 'processing', 'publishing'],
  user: ['failed', 'partial', 'cancelled', 'expired'],
} as const satisfies Readonly<Record<string, readonly RequestState[]>>;

export const requestStates = Object.keys(transitions) as readonly RequestState[];

export const isFinal = (state: RequestState): boolean => transitions[state].length === 0;

export const finalStates = requestStates.filter(isFinal);
export const openStates = requestStates.filter((state) => !isFinal(state));

export function canMove(from: RequestState, to: RequestState): boolean {
  const next: readonly RequestState[] = transitions[from];
  return next.includes(to);
}

export function canBeginAttempt(from: RequestState, by: keyof typeof newAttemptFrom): boolean {
  const states: readonly RequestState[] = newAttemptFrom[by];
  return states.includes(from);
}

/** @throws Bug when the table does not have the transition. */
export function assertMove(from: RequestState, to: RequestState): void {
  if (!canMove(from, to)) throw new SwathError('Bug', `No transition leads from ${from} to ${to}.`);
}

/** openEO API 1.2, `GET /jobs`: created, queued, running, canceled, finished, error. */
export const openeoStatus: Readonly<Record<RequestState, string>> = {
  accepted: 'queued',
  ordering: 'running',
  acquiring: 'running',
  processing: 'running',
  publishing: 'running',
  waiting: 'queued',
  cancelling: 'running',
  succeeded: 'finished',
  partial: 'finished',
  failed: 'error',
  cancelled: 'canceled',
  expired: 'error',
};

/** OGC API - Processes 1.0 (18-062r2), statusCode: accepted, running, successful, failed, dismissed. */
export const ogcStatus: Readonly<Record<RequestState, string>> = {
  accepted: 'accepted',
  ordering: 'running',
  acquiring: 'running',
  processing: 'running',
  publishing: 'running',
  waiting: 'accepted',
  cancelling: 'running',
  succeeded: 'successful',
  partial: 'successful',
  failed: 'failed',
  cancelled: 'dismissed',
  expired: 'failed',
};

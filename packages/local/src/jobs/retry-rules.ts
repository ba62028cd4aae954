/** One rule of a Batch retry strategy (`evaluateOnExit`): all conditions given must match. */
export interface RetryRule {
  /** Decimal exit code. */
  readonly onExitCode?: string;
  /** Glob with `*` at the end only, as Batch has it. */
  readonly onStatusReason?: string;
  readonly action: 'RETRY' | 'EXIT';
}

/**
 * The retry rules of every job definition, first match wins. Codes are those of `exitCodes` in the manifests' contract:
 * 75 is passing trouble, 143 and 137 are SIGTERM and SIGKILL from outside (Spot reclaim, restart). Out of memory comes
 * as 137 too, but running out again is certain: it goes first. The last rule is needed because Batch retries
 * whatever matches no rule.
 */
export const retryRules: readonly RetryRule[] = [
  { onStatusReason: 'OutOfMemory*', action: 'EXIT' },
  { onStatusReason: 'Host EC2*', action: 'RETRY' },
  { onExitCode: '75', action: 'RETRY' },
  { onExitCode: '143', action: 'RETRY' },
  { onExitCode: '137', action: 'RETRY' },
  { onStatusReason: '*', action: 'EXIT' },
];

/** What Batch says of a Spot reclaim; a restart of the runtime is the same thing to a job. */
export const INTERRUPTED = 'Host EC2 (local runtime) terminated.';
/** Batch's wording for an attempt that ran out of time. Never retried, whatever the rules say. */
export const TIMED_OUT = 'Job attempt duration exceeded timeout';

/** The action of the first rule that matches the end of an attempt. */
export function retryAction(end: {
  readonly exitCode: number;
  readonly statusReason: string;
}): 'RETRY' | 'EXIT' {
  const rule = retryRules.find(
    (candidate) =>
      (candidate.onExitCode === undefined || candidate.onExitCode === String(end.exitCode)) &&
      (candidate.onStatusReason === undefined || matches(candidate.onStatusReason, end.statusReason)),
  );
  return rule?.action ?? 'RETRY';
}

function matches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

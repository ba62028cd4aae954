import { SwathError } from '@swath/core';

/** Errors made here, with the writes that refused. Weak: an entry lives as long as its error. */
const failed = new WeakMap<object, readonly number[]>();

/** The Conflict of `Table.transact`: nothing was written because the conditions of these writes did not hold. */
export function conditionFailed(indexes: readonly number[], cause?: unknown): SwathError {
  const error = new SwathError('Conflict', `Condition of write ${indexes.join(', ')} does not hold.`, {
    fix: 'Read the current state and decide again.',
    cause,
  });
  failed.set(error, [...indexes]);
  return error;
}

/**
 * Indexes (ascending, into the `writes` given to `transact`) of the conditions that did not hold; empty for every other
 * error.
 */
export function failedWrites(error: unknown): readonly number[] {
  return typeof error === 'object' && error !== null ? (failed.get(error) ?? []) : [];
}

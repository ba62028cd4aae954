import { isSwathError } from '@swath/core';
import { MAX_MESSAGE_CHARS } from '../limits.ts';
import type { Refusal, RefusalReason } from '../reasons.ts';

/** The file is what is wrong; thrown inside a check, told as its outcome. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.refusal = { reason, message: message.slice(0, MAX_MESSAGE_CHARS) };
  }
}

/** The reader's words for trouble, by what they say of a file. */
const reasonOf = { Corrupt: 'CORRUPT', Unsupported: 'UNSUPPORTED', LimitExceeded: 'TOO_LARGE' } as const;

/** undefined when the error says nothing about the file: the check has to be done again. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refused) return error.refusal;
  if (!isSwathError(error)) return undefined;
  const { code, message } = error;
  if (code !== 'Corrupt' && code !== 'Unsupported' && code !== 'LimitExceeded') return undefined;
  return { reason: reasonOf[code], message: message.slice(0, MAX_MESSAGE_CHARS) };
}

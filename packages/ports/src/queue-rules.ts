import { SwathError } from '@swath/core';
import { maxDelayS, maxMessageBytes, maxReceive, maxVisibilityS } from './limits.ts';
import { utf8Length } from './utf8.ts';

/** Characters SQS carries: those of XML 1.0. JSON.stringify escapes the control characters among the others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const notCarried = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** @throws SwathError LimitExceeded over 256 KiB; InvalidInput when empty or with characters SQS does not carry. */
export function checkMessage(body: string, delayS: number): void {
  const bytes = utf8Length(body);
  if (bytes > maxMessageBytes) {
    throw new SwathError('LimitExceeded', `The message has ${bytes} bytes; at most ${maxMessageBytes}.`, {
      fix: 'Store the body as an object and send a pointer.',
    });
  }
  if (bytes === 0 || !body.isWellFormed() || notCarried.test(body)) {
    throw new SwathError('InvalidInput', 'The message is empty or holds characters a queue cannot carry.');
  }
  checkWhole('delayS', delayS, 0, maxDelayS);
}

export function checkReceive(options: { readonly max: number; readonly visibilityS: number }): void {
  checkWhole('max', options.max, 1, maxReceive);
  checkVisibility(options.visibilityS);
}

export function checkVisibility(visibilityS: number): void {
  checkWhole('visibilityS', visibilityS, 0, maxVisibilityS);
}

/** The error of `extend` when the delivery is known to be over. */
export function deliveryIsOver(cause?: unknown): SwathError {
  return new SwathError(
    'Conflict',
    'This delivery is over: the message was acknowledged or delivered again.',
    {
      cause,
    },
  );
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new SwathError('InvalidInput', `${name} is ${value}; ${least} to ${most} are allowed.`, {
      pointer: `/${name}`,
    });
  }
}

import { type ErrorCode, SwathError, toSwathError } from '@swath/core';
import type { ProcessDocument } from '@swath/graph';
import type { FormatName } from '../formats.ts';
import type { SentCube } from './sent-cube.ts';

/** One evaluation: a graph whose imagery was read, and what to make of its value. */
export interface EvaluationTask {
  readonly document: ProcessDocument;
  readonly cubes: readonly SentCube[];
  /** Undefined leaves the choice to what the value is. */
  readonly format: FormatName | undefined;
  /** A folder of its own, which the sender removes: a thread that is ended cannot. */
  readonly folder: string;
}

/** A task with a word of shared memory, where the worker says at which node it is: also while it answers nothing. */
export interface SentTask extends EvaluationTask {
  /** One element: -1 before the first node, then its position, then {@link WRITING}. */
  readonly position: Int32Array;
  readonly maxSteps: number;
}

/** Position while the file is written, behind all nodes. */
export const WRITING = 1_000_000;

export interface ResultFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** What the worker sends for each task: that it has begun, then its end. */
export type FromEvaluator =
  | { readonly kind: 'started' }
  | { readonly kind: 'done'; readonly file: ResultFile }
  | { readonly kind: 'failed'; readonly error: SentError };

/** An error without its cause and its class, which do not travel. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: { readonly pointer?: string; readonly fix?: string; readonly reason?: string };
}

export function sentError(error: unknown): SentError {
  const { code, message, pointer, fix, reason } = toSwathError(error);
  return {
    code,
    message,
    detail: {
      ...(pointer === undefined ? {} : { pointer }),
      ...(fix === undefined ? {} : { fix }),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}

export const receivedError = ({ code, message, detail }: SentError): SwathError =>
  new SwathError(code, message, detail);

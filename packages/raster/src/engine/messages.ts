import { type ErrorCode, SwathError, toSwathError } from '@swath/core';
import type { PixelWindow } from '@swath/geo';
import type { OverviewStarts } from '../cog/spill.ts';
import type { UnitReport } from '../cog/unit-maker.ts';
import type { Unit } from '../cog/units.ts';
import type { ChunkPixels, ProductWork } from '../process/work.ts';
import type { LaneJob, LanePlace, LaneStatistics } from './lane.ts';

/** What the owner of the workers sends. */
export type ToWorker =
  | Request
  /** Stops what the lane is doing; its requests then fail. */
  | { readonly kind: 'stop'; readonly lane: number }
  /** Ends the thread, which has nothing to do. */
  | { readonly kind: 'end' }
  /** Ends a {@link Call}. */
  | { readonly kind: 'returned'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'threw'; readonly call: number; readonly error: SentError };

/** Something a lane is to do; requests of one lane are done in turn. */
export type Request = { readonly request: number; readonly lane: number } & Task;

/** Paths of local files by the href that led there. */
export type LocatedFiles = ReadonlyMap<string, string>;

export type Task =
  | {
      readonly kind: 'open';
      readonly job: LaneJob;
      readonly place: LanePlace;
      readonly files: LocatedFiles;
    }
  | { readonly kind: 'make'; readonly unit: Unit }
  | { readonly kind: 'statistics' }
  | { readonly kind: 'finish' }
  | { readonly kind: 'place overviews'; readonly starts: OverviewStarts }
  | { readonly kind: 'digest' }
  /** Pixels of a window alone: no lane has to be open. */
  | { readonly kind: 'window'; readonly work: ProductWork; readonly window: PixelWindow }
  | { readonly kind: 'close' };

/** What a worker sends: the end of a request, or a call for bytes that only the owner may fetch. */
export type FromWorker =
  | { readonly kind: 'done'; readonly request: number; readonly value: LaneValue }
  | { readonly kind: 'failed'; readonly request: number; readonly error: SentError }
  | Call
  /** Nobody waits for a {@link Call} any more. */
  | { readonly kind: 'cancel'; readonly call: number };

export type LaneValue = UnitReport | LaneStatistics | ChunkPixels | string | undefined;

export type Call = { readonly kind: 'call'; readonly call: number; readonly href: string } & (
  | { readonly ask: 'locate' }
  | { readonly ask: 'size' }
  | { readonly ask: 'read'; readonly offset: number; readonly length: number }
);

/** Answer to `locate`: a file the worker may open itself, or a source that it reads through its owner. */
export type SentLocation =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'remote'; readonly name: string };

/** An error without its cause and its class, which do not travel. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly pointer: string | undefined;
  readonly fix: string | undefined;
  readonly retryAfterMs: number | undefined;
}

export function sentError(error: unknown): SentError {
  const { code, message, pointer, fix, retryAfterMs } = toSwathError(error);
  return { code, message, pointer, fix, retryAfterMs };
}

export function receivedError({ code, message, pointer, fix, retryAfterMs }: SentError): SwathError {
  return new SwathError(code, message, {
    ...(pointer === undefined ? {} : { pointer }),
    ...(fix === undefined ? {} : { fix }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

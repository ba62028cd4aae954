import { CHILD_BYTES_PER_S, CHILD_S, CHUNK_S, RETRY_CHILDREN } from '../limits.ts';

export interface ChildrenInput {
  /** Chunks that have no result yet. */
  readonly todo: number;
  /** Chunks of the plan. */
  readonly chunksTotal: number;
  /** Bytes of the files' share inside the grid, for all chunks together (`RequestPlan.estimate`). */
  readonly inputBytes: number;
  /** `again`: an earlier attempt at the same plan left these chunks undone. */
  readonly try: 'first' | 'again';
}

/**
 * How many chunks one child of the process job makes: child i makes those at i * n to (i + 1) * n - 1 of the manifest.
 * A container is billed for a minute at least, a chunk is worth a second: so a child gets `CHILD_S` of work, which
 * rounding makes 80 to 180 s. What a first try left undone is spread over `RETRY_CHILDREN`, where there are as many
 * chunks: one that kills its process takes few others with it, and none when it is alone.
 *
 * n = ceil(todo / children); children = round(todo * seconds of a chunk / CHILD_S), 1 to todo.
 */
export function chunksPerChild({ todo, chunksTotal, inputBytes, try: which }: ChildrenInput): number {
  const wanted = Math.round((todo * chunkSeconds(inputBytes / chunksTotal)) / CHILD_S);
  const least = which === 'again' ? RETRY_CHILDREN : 1;
  const children = Math.min(todo, Math.max(least, wanted));
  return Math.ceil(todo / children);
}

/** Seconds a chunk is expected to take on one child, reading `inputBytes`. */
export const chunkSeconds = (inputBytes: number): number => CHUNK_S + inputBytes / CHILD_BYTES_PER_S;

/** Children of the job of a manifest; its last one may have fewer chunks. */
export const childCount = ({ chunks, perChild }: ChildWork): number => Math.ceil(chunks.length / perChild);

/** @returns the chunks that child `index` makes, in order; none beyond the last child. */
export const chunksOfChild = ({ chunks, perChild }: ChildWork, index: number): readonly number[] =>
  chunks.slice(index * perChild, (index + 1) * perChild);

/** The part of a ProcessManifest that says who makes what. */
export interface ChildWork {
  readonly chunks: readonly number[];
  readonly perChild: number;
}

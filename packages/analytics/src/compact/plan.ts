import { MAX_MERGED_BYTES, MAX_MERGED_FILES, MIN_FILES_OF_TODAY, SOURCES_STAY_MS } from '../limits.ts';

/** A file of one folder, as listed. */
export interface ListedFile {
  readonly key: string;
  readonly sizeBytes: number;
  /** 0 for files of requests. */
  readonly generation: number;
}

/**
 * What a merged file says it holds the rows of: keys of files that may still be there, and since when (Unix
 * milliseconds) some merged file has held them.
 */
export type Sources = Readonly<Record<string, number>>;

export interface FolderPlan {
  /** To be deleted now: their rows have been in the newest merged file for long enough. */
  readonly remove: readonly string[];
  /** To be merged into a file of this generation; undefined when there is nothing worth it. */
  readonly merge?: {
    readonly generation: number;
    /** Read for their rows. */
    readonly inputs: readonly string[];
    /** What the new file names: the inputs, and sources of the file before that stay a while. */
    readonly sources: Sources;
  };
}

export interface FolderState {
  readonly files: readonly ListedFile[];
  /** Of the file of the highest generation; empty when there is none. */
  readonly sources: Sources;
  /** The day is over: no request begins in it any more, though some may still end. */
  readonly over: boolean;
  readonly nowMs: number;
}

/**
 * What to do with one folder. Nothing here is locked: any number of runs may do this at once, stop anywhere, or go on
 * much later. It is safe because
 *
 * - a file is deleted only when the newest merged file names it, which was written whole, after reading it, and holds
 *   for each of its requests rows of the same or a higher version, in a higher generation;
 * - merged files are created, never replaced, so of two runs that make the same generation one loses and does nothing;
 * - what a late run puts back, or a request writes again, is hidden by the views until the next merge.
 */
export function planFolder({ files, sources, over, nowMs }: FolderState): FolderPlan {
  const top = files.reduce<ListedFile | undefined>(
    (best, file) => (file.generation > (best?.generation ?? 0) ? file : best),
    undefined,
  );
  const there = new Set(files.map(({ key }) => key));
  const covered = Object.entries(sources).filter(([key]) => there.has(key));
  const old = ([, sinceMs]: readonly [string, number]) => nowMs - sinceMs >= SOURCES_STAY_MS;
  const remove = covered.filter(old).map(([key]) => key);
  const hidden = new Set(covered.map(([key]) => key));
  const fresh = files.filter((file) => file !== top && !hidden.has(file.key));
  const enough = over ? fresh.length > (top === undefined ? 1 : 0) : fresh.length >= MIN_FILES_OF_TODAY;
  const inputs = enough ? bounded(top, fresh) : [];
  if (inputs.length < 2) return { remove };
  const now = inputs.map((key) => [key, nowMs] as const);
  const stay = covered.filter((one) => !old(one));
  return {
    remove,
    merge: { generation: (top?.generation ?? 0) + 1, inputs, sources: Object.fromEntries([...stay, ...now]) },
  };
}

/** The merged file so far comes first, because the new one takes its place; without it nothing may be merged. */
function bounded(top: ListedFile | undefined, fresh: readonly ListedFile[]): string[] {
  const taken: string[] = [];
  let bytes = 0;
  for (const file of top === undefined ? fresh : [top, ...fresh]) {
    bytes += file.sizeBytes;
    if (taken.length === MAX_MERGED_FILES || bytes > MAX_MERGED_BYTES) break;
    taken.push(file.key);
  }
  return taken;
}

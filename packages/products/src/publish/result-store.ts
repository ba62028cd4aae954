import type { ObjectInfo, Objects } from '@swath/ports';

/** What publishing needs of a bucket. A plain folder can do that too, for `swath run`. */
export type ResultStore = Pick<Objects, 'put' | 'head' | 'get'> & {
  /**
   * `put` of a file whose size and sha256 the caller has just computed, by a second name for it instead of a copy. The
   * file must not change any more. Absent where files are not kept as files.
   * @throws SwathError Conflict as `put` with `ifAbsent`.
   */
  putFile?(key: string, file: FinishedFile): Promise<ObjectInfo>;
};

export interface FinishedFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly contentType: string;
}

/** What the tables need of the bucket their files lie in: a part of the objects port. A plain folder can do that too. */
export interface TableFiles {
  /** @throws SwathError NotFound. */
  get(key: string): Promise<Uint8Array>;
  /** Creates only. @throws SwathError Conflict when the key exists. */
  put(
    key: string,
    body: Uint8Array,
    options: { readonly ifAbsent: true; readonly contentType: string },
  ): Promise<unknown>;
  /** Sorted by key. */
  list(
    prefix: string,
    options?: { readonly after?: string },
  ): Promise<{
    readonly objects: readonly { readonly key: string; readonly sizeBytes: number }[];
    readonly next?: string;
  }>;
  /** Idempotent. */
  delete(key: string): Promise<void>;
}

export const parquetType = 'application/vnd.apache.parquet';

export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  /** Lower-case hex sha256 of the content. */
  readonly sha256: string;
  /** Changes whenever the content does; opaque. */
  readonly etag: string;
  readonly contentType: string;
}

export interface PutOptions {
  readonly contentType?: string;
  /** Create only: Conflict when the key exists (S3 If-None-Match: *). */
  readonly ifAbsent?: boolean;
  /** Lower-case hex sha256 the content must have, else Corrupt and nothing is stored. */
  readonly sha256?: string;
  /** Days it is wanted: afterwards, never before, the store may remove it. @default until it is deleted */
  readonly keepDays?: number;
  readonly signal?: AbortSignal;
}

/** Bucket of objects. Keys are rows, never paths: any UTF-8 string of 1 to 1024 bytes without control characters. */
export interface Objects {
  /** @throws SwathError NotFound. */
  get(key: string, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array>;
  /** Bytes [offset, offset + length), cut at the end of the object. @throws NotFound; LimitExceeded past the end. */
  getRange(
    key: string,
    offset: number,
    length: number,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Uint8Array>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** The object is readable in full or not at all. */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<ObjectInfo>;
  /** Sorted by key (UTF-8 bytes). */
  list(
    prefix: string,
    options?: { readonly limit?: number; readonly after?: string },
  ): Promise<{
    readonly objects: readonly ObjectInfo[];
    /** Pass as `after` for the next page; absent on the last page. */
    readonly next?: string;
  }>;
  /** Idempotent: an absent key is not an error. */
  delete(key: string): Promise<void>;
  /** Same content under a second key, without moving bytes through the caller. @throws NotFound, Conflict. */
  copy(from: string, to: string, options?: { readonly ifAbsent?: boolean }): Promise<ObjectInfo>;
  /** A GET-only URL of exactly this object that expires after at most an hour. */
  link(
    key: string,
    options?: { readonly expiresInS?: number; readonly downloadName?: string },
  ): Promise<string>;
}

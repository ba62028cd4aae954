/** A part that has arrived. Numbers begin with 1. */
export interface UploadedPart {
  readonly part: number;
  readonly etag: string;
  readonly sizeBytes: number;
}

/**
 * Uploads of one bucket by those who hold no key to it: they PUT the parts of an object to links that expire, and the
 * object is there, in full, when the upload is completed; before, nothing can be read.
 *
 * All parts but the last have at least `minPartBytes`. What is neither completed nor aborted, the store removes one day.
 */
export interface PartUploads {
  /** @returns id of the upload, never shown to users. */
  begin(key: string, options?: { readonly contentType?: string }): Promise<string>;
  /**
   * A PUT-only URL of exactly this part that expires after at most an hour. It takes bodies of exactly `sizeBytes`, any
   * number of times: the last wins. The answer's `ETag` header names what arrived.
   */
  partLink(
    key: string,
    uploadId: string,
    part: { readonly part: number; readonly sizeBytes: number },
    options?: { readonly expiresInS?: number },
  ): Promise<string>;
  /** Parts that have arrived, by number. @throws NotFound when there is no such upload, or no more. */
  parts(key: string, uploadId: string): Promise<readonly UploadedPart[]>;
  /**
   * Makes the object of the parts named, in the order of their numbers.
   * @throws NotFound as `parts`; InvalidInput when a part is not there, is another by now, or is too small.
   */
  complete(
    key: string,
    uploadId: string,
    parts: readonly Pick<UploadedPart, 'part' | 'etag'>[],
  ): Promise<void>;
  /** Gives the upload up with all its parts. Idempotent. */
  abort(key: string, uploadId: string): Promise<void>;
}

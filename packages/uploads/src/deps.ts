import type { Logger } from '@swath/core';
import type { Clock, Objects, PartUploads, Queue, Random, Table } from '@swath/ports';

/** What uploads need. Lambdas build it from the environment, the local runtime from one folder. */
export interface UploadDeps {
  readonly table: Table;
  /** Where uploads lie, unread, until they are checked: the work bucket, below `quarantine/`. */
  readonly quarantine: Objects;
  /** Uploads in parts to the same bucket. */
  readonly partUploads: PartUploads;
  /** Where checked files are kept, below `uploads/`: the raw bucket. */
  readonly kept: Objects;
  /** Holds the Items that are too large for a row: the results bucket. */
  readonly results: Objects;
  /** Uploads to be checked. */
  readonly queue: Pick<Queue, 'send'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Body of every message on the queue: a pointer, never a payload. */
export interface UploadMessage {
  readonly v: 1;
  readonly project: string;
  readonly uploadId: string;
}

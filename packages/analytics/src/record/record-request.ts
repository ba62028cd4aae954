import type { Objects } from '@swath/ports';
import type { RequestRecord } from '@swath/requests';

export interface RecordRequestDeps {
  /** Parquet files of the tables. */
  readonly analytics: Objects;
  /** Published results: their Items are read. */
  readonly results: Objects;
}

export async function recordRequest(deps: RecordRequestDeps, record: RequestRecord): Promise<void> {
  void deps;
  void record;
}

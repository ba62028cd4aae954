import { join } from 'node:path';
import type { Objects } from '@swath/ports';
import type { JobEnvironment } from './environment.ts';

/** The three buckets a step touches. */
export interface Storage {
  /** Manifests, plans, staging. */
  readonly work: Objects;
  /** Copies of providers' files. */
  readonly raw: Objects;
  readonly results: Objects;
  readonly close: () => Promise<void>;
}

/** Opens the buckets the environment names; the adapter is loaded on demand, so that a container carries one. */
export async function openStorage({ storage }: JobEnvironment): Promise<Storage> {
  const { localObjectStore } = await import('@swath/local/objects');
  const store = localObjectStore({ folder: join(storage.folder, 'objects') });
  return {
    work: store.bucket('work'),
    raw: store.bucket('raw'),
    results: store.bucket('results'),
    close: async () => store.close(),
  };
}

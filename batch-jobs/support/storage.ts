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

/** Opens the buckets the environment names. The adapter is loaded on demand: a step starts with one, not with both. */
export async function openStorage({ storage }: JobEnvironment): Promise<Storage> {
  if (storage.kind === 'aws') {
    const { s3Buckets } = await import('@swath/aws/buckets');
    const store = s3Buckets();
    return {
      work: store.bucket(storage.work),
      raw: store.bucket(storage.raw),
      results: store.bucket(storage.results),
      close: async () => store.close(),
    };
  }
  const { localObjectStore } = await import('@swath/local/objects');
  const store = localObjectStore({ folder: join(storage.folder, 'objects') });
  return {
    work: store.bucket('work'),
    raw: store.bucket('raw'),
    results: store.bucket('results'),
    close: async () => store.close(),
  };
}

import { join } from 'node:path';

/** Everything the local runtime keeps is under one folder. */
export interface LocalPaths {
  readonly folder: string;
  readonly database: string;
  readonly objects: string;
  readonly jobLogs: string;
  readonly scratch: string;
  readonly sample: string;
}

export function localPaths(folder: string): LocalPaths {
  return {
    folder,
    database: join(folder, 'swath.db'),
    objects: join(folder, 'objects'),
    jobLogs: join(folder, 'logs'),
    scratch: join(folder, 'scratch'),
    sample: join(folder, 'sample'),
  };
}

import { SwathError } from '@swath/core';
import { DEFAULT_DATA } from './limits.ts';
import type { Terminal } from './terminal.ts';
import type { SqlPlace } from './tools.ts';

/** Flags that say which tables are meant. */
export interface SqlPlaceFlags {
  readonly data?: string;
  readonly athena?: string;
  readonly database?: string;
  readonly maxScan: number;
}

/** The tables of a folder, or of Athena; flags win over the environment. @throws SwathError InvalidInput */
export function sqlPlace(env: Terminal['env'], flags: SqlPlaceFlags): SqlPlace {
  const workgroup = flags.athena ?? env['SWATH_ATHENA_WORKGROUP'];
  if (workgroup === undefined || workgroup === '' || flags.data !== undefined) {
    return { kind: 'local', dataFolder: flags.data ?? env['SWATH_DATA'] ?? DEFAULT_DATA };
  }
  const database = flags.database ?? env['SWATH_ATHENA_DATABASE'];
  if (database === undefined || database === '') {
    throw new SwathError('InvalidInput', 'Athena needs to know the database.', {
      fix: 'Name it with --database or SWATH_ATHENA_DATABASE: an output of the analytics stack.',
    });
  }
  return { kind: 'athena', workgroup, database, maxScanBytes: Math.round(flags.maxScan * 1e9) };
}

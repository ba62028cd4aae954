import { SwathError } from '@swath/core';
import type { Table } from '@swath/ports';

/** `before`: nothing is written. `after`: it is written, and nobody is told. */
export type WriteFault = 'before' | 'after' | 'none';

/** A table whose first transactions fail as listed. */
export function faultyTable(faults: readonly WriteFault[]): (table: Table) => Table {
  const left = [...faults];
  return (table) => ({
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    async transact(writes) {
      const fault = left.shift() ?? 'none';
      if (fault !== 'before') await table.transact(writes);
      if (fault !== 'none') throw new SwathError('Unavailable', 'made to fail');
    },
  });
}

import type { Row, Table } from '@swath/ports';
import { isFinal, requestStates } from '@swath/requests';

/** What must never be seen, in words. */
export type Violation = string;

/** Notices, at the moment of the write, that a final state changes within its attempt or that an attempt goes back. */
export function watchHeads(table: Table, truth: Table, violations: Violation[]): Table {
  return {
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    async transact(writes) {
      const puts = writes.flatMap((write) => ('put' in write && write.put.sk === 'HEAD' ? [write.put] : []));
      const heads = puts.filter((row) => row.pk.startsWith('REQ#'));
      const before = await Promise.all(heads.map((row) => truth.get({ pk: row.pk, sk: row.sk })));
      await table.transact(writes);
      for (const [i, after] of heads.entries()) violations.push(...compare(before[i], after));
    },
  };
}

function compare(before: Row | undefined, after: Row): Violation[] {
  if (before === undefined) return [];
  const found: Violation[] = [];
  const was = requestStates.find((state) => state === before['state']);
  const sameAttempt = before['attempt'] === after['attempt'];
  if (was !== undefined && isFinal(was) && sameAttempt && after['state'] !== was) {
    found.push(`${before.pk}: final ${was} became ${after['state']}`);
  }
  if (Number(after['attempt']) < Number(before['attempt'])) found.push(`${before.pk}: the attempt went back`);
  if (Number(after['sequence']) <= Number(before['sequence']))
    found.push(`${before.pk}: the sequence went back`);
  return found;
}

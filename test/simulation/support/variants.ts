import type { Row, Table, Write } from '@swath/ports';
import type { Variant } from './simulation.ts';

const without =
  (concerns: (write: Write) => boolean) =>
  (table: Table): Table => ({
    ...table,
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    transact: (writes) =>
      table.transact(
        writes.flatMap((write): Write[] => {
          if (!concerns(write)) return [write];
          if ('check' in write) return [];
          const { if: _condition, ...rest } = write;
          return [rest as Write];
        }),
      ),
  });

const dropping =
  (which: (write: Write) => boolean) =>
  (table: Table): Table => ({
    ...table,
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    transact: (writes) => table.transact(writes.filter((write) => !which(write))),
  });

const partitionOf = (write: Write): string => {
  if ('put' in write) return write.put.pk;
  if ('update' in write) return write.update.pk;
  return 'delete' in write ? write.delete.pk : write.check.pk;
};

function tellsOfEnd(row: Row): boolean {
  const effect = row['effect'];
  return typeof effect === 'object' && effect !== null && 'kind' in effect && effect.kind === 'record';
}

/** Builds with one mistake each: what the simulation is worth is how soon it notices them. */
export const variants: Readonly<Record<string, () => Variant>> = {
  'a table that ignores all conditions': () => ({ table: without(() => true) }),
  'heads are written without their fence': () => ({
    table: without((write) => 'put' in write && write.put.pk.startsWith('REQ#')),
  }),
  'content keys are taken without looking': () => ({
    table: without((write) => partitionOf(write).startsWith('KEY#')),
  }),
  'idempotency keys are taken without looking': () => ({
    table: without((write) => partitionOf(write).startsWith('IDK#')),
  }),
  'no sweep': () => ({ sweep: 'never' }),
  'the stream tries a record for ever': () => ({ streamRetries: Number.POSITIVE_INFINITY }),
  'submissions get lost by name': () => ({
    jobs: (jobs) => ({
      ...jobs,
      findByName: async () => undefined,
      submit: async (job) => `lost-${job.name}`,
    }),
  }),
  'results are announced without their rows': () => ({
    table: dropping((write) => 'put' in write && write.put.sk.startsWith('R#')),
  }),
  'followers are not written down, and the sweep is blind': () => ({
    table: dropping((write) => 'put' in write && write.put.sk.startsWith('F#')),
    sweep: 'never',
  }),
  'the budget is not settled': () => ({
    table: dropping(
      (write) =>
        'update' in write && write.update.pk.startsWith('BUD#') && (write.add?.['heldUnits'] ?? 0) < 0,
    ),
  }),
  'nobody is told that a request has ended': () => ({
    table: dropping((write) => 'put' in write && write.put.pk.startsWith('OBX#') && tellsOfEnd(write.put)),
  }),
  'outbox rows are forgotten, and nothing sweeps': () => ({
    table: dropping((write) => 'put' in write && write.put.pk.startsWith('OBX#')),
    sweep: 'never',
  }),
};

import type { Random, RowKey, Table } from '@swath/ports';
import { outboxPrefix } from '@swath/requests/store/keys';

/** What the mapping in `lib/constructs/table-feed.ts` says, in small. */
const RETRIES = 3;
const BATCH_MAX = 5;

interface Change {
  readonly number: string;
  /** Left out: a record nobody can read. */
  readonly key?: RowKey;
}

export interface Batch {
  readonly changes: readonly Change[];
  /** Failed tries so far; cutting it in two is none. */
  readonly tries: number;
}

export interface StreamOptions {
  readonly random: Random;
  /** Of records nobody can read, per row that is inserted. */
  readonly poison: number;
  /** Tries after the first. @default as the mapping has it */
  readonly retries?: number;
}

/** The stream of a table as Lambda hands it on: inserts into the outbox, in batches that are cut, tried again and given up. */
export function tableStream({ random, poison, retries = RETRIES }: StreamOptions) {
  const fresh: Change[] = [];
  const again: Batch[] = [];
  const givenUp: Change[] = [];
  let count = 0;
  const add = (key?: RowKey) => {
    fresh.push({ number: String(100 + count++), ...(key === undefined ? {} : { key }) });
  };

  return {
    /** Hears what is committed: nearest to the truth, so that a writer who is never answered is heard, too. */
    tap: (table: Table): Table => ({
      get: (key) => table.get(key),
      query: (query) => table.query(query),
      async transact(writes) {
        const puts = writes.flatMap((write) => ('put' in write ? [write.put] : []));
        const rows = puts.filter(({ pk }) => pk.startsWith(outboxPrefix));
        const before = await Promise.all(rows.map(({ pk, sk }) => table.get({ pk, sk })));
        await table.transact(writes);
        for (const [i, { pk, sk }] of rows.entries()) {
          if (before[i] !== undefined) continue;
          if (random.fraction() < poison) add();
          add({ pk, sk });
        }
      },
    }),
    /** What failed comes first: a shard goes in order. */
    next(): Batch | undefined {
      const failed = again.shift();
      if (failed !== undefined) return failed;
      const changes = fresh.splice(0, 1 + Math.floor(random.fraction() * BATCH_MAX));
      return changes.length === 0 ? undefined : { changes, tries: 0 };
    },
    /** It is tried again from the first failure on, in halves, until a single one is given up. */
    failed({ changes, tries }: Batch, numbers: ReadonlySet<string> | 'all'): void {
      const from = numbers === 'all' ? 0 : changes.findIndex(({ number }) => numbers.has(number));
      const rest = from < 0 ? [] : changes.slice(from);
      if (rest.length > 1) {
        const half = Math.ceil(rest.length / 2);
        again.unshift({ changes: rest.slice(0, half), tries }, { changes: rest.slice(half), tries });
      } else if (rest.length === 1) {
        if (tries < retries) again.unshift({ changes: rest, tries: tries + 1 });
        else givenUp.push(...rest);
      }
    },
    /** It comes once more, as after a lease that changed hands. */
    repeat: (batch: Batch) => void again.push(batch),
    /** What 24 hours do to a stream that nobody reads. */
    forget(): void {
      fresh.length = 0;
      again.length = 0;
    },
    isEmpty: () => fresh.length + again.length === 0,
    givenUp: (): readonly Change[] => givenUp,
  };
}

/** A batch as the handler gets it. */
export const eventOf = ({ changes }: Batch) => ({
  Records: changes.map(({ number, key }) => ({
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: number,
      ...(key === undefined ? {} : { Keys: { pk: { S: key.pk }, sk: { S: key.sk } } }),
    },
  })),
});

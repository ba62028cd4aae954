import { conditionFailed } from '../failed-writes.ts';
import type { Clock } from '../others.ts';
import type { AttributeValue, Row, RowKey, Table } from '../table.ts';
import { conditionHolds, rowAfter } from '../table-apply.ts';
import { comparePositions, cursorAt, type PlannedQuery, planQuery, positionOf } from '../table-query.ts';
import { checkKey, checkWrites, writeKey } from '../table-rules.ts';
import { RowStore } from './row-store.ts';

export interface MemoryTableOptions {
  /** Index reads miss what was written less than `ms()` milliseconds ago (asked once per transaction, kept in order). */
  readonly indexLag?: { readonly clock: Clock; readonly ms: () => number };
}

export interface MemoryTable extends Table {
  /** Every row, for assertions; frozen. */
  rows(): readonly Row[];
  /** Deletes rows whose `expiresAt` is at or before `nowS` (Unix seconds), as DynamoDB's TTL does late. @returns rows deleted. */
  sweepExpired(nowS: number): number;
}

/** Rows are deep-frozen: who changes one by mistake gets a TypeError instead of a silent difference from DynamoDB. */
export function memoryTable(options: MemoryTableOptions = {}): MemoryTable {
  const base = new RowStore();
  const lag = options.indexLag;
  // What index readers see: the base itself, or a copy that follows it late.
  const indexed = lag === undefined ? base : new RowStore();
  const pending: { readonly visibleMs: number; readonly key: RowKey; readonly row: Row | undefined }[] = [];
  let applied = 0;
  let lastVisibleMs = 0;

  const commit = (changes: readonly (readonly [RowKey, Row | undefined])[]) => {
    const visibleMs = lag === undefined ? 0 : Math.max(lastVisibleMs, lag.clock.now() + lag.ms());
    lastVisibleMs = visibleMs;
    for (const [key, row] of changes) {
      base.write(key, row);
      if (lag !== undefined) pending.push({ visibleMs, key, row });
    }
  };
  const catchUp = (nowMs: number) => {
    for (let entry = pending[applied]; entry && entry.visibleMs <= nowMs; entry = pending[++applied]) {
      indexed.write(entry.key, entry.row);
    }
    if (applied > 1_000) {
      pending.splice(0, applied);
      applied = 0;
    }
  };

  return {
    async get(key) {
      checkKey(key);
      return base.read(key);
    },
    async query(query) {
      const plan = planQuery(query);
      if (lag !== undefined) catchUp(lag.clock.now());
      return page((plan.index === 'base' ? base : indexed).partition(plan.index, plan.partition), plan);
    },
    async transact(writes) {
      checkWrites(writes);
      const refused: number[] = [];
      for (const [index, write] of writes.entries()) {
        if (write.if !== undefined && !conditionHolds(write.if, base.read(writeKey(write)))) {
          refused.push(index);
        }
      }
      if (refused.length > 0) throw conditionFailed(refused);
      const changes: [RowKey, Row | undefined][] = [];
      for (const write of writes) {
        if ('check' in write) continue;
        const key = writeKey(write);
        const row = rowAfter(write, base.read(key));
        changes.push([{ pk: key.pk, sk: key.sk }, row === undefined ? undefined : frozenCopy(row)]);
      }
      commit(changes);
    },
    rows: () => [...base.all()],
    sweepExpired(nowS) {
      const expired = [...base.all()].filter((row) => row.expiresAt !== undefined && row.expiresAt <= nowS);
      commit(expired.map((row) => [{ pk: row.pk, sk: row.sk }, undefined]));
      return expired.length;
    },
  };
}

function page(candidates: Iterable<Row>, plan: PlannedQuery): { rows: readonly Row[]; cursor?: string } {
  const sign = plan.descending ? -1 : 1;
  const found: { row: Row; position: NonNullable<ReturnType<typeof positionOf>> }[] = [];
  for (const row of candidates) {
    const position = positionOf(row, plan.index);
    if (position === undefined) continue;
    if (plan.after !== undefined && sign * comparePositions(position, plan.after) <= 0) continue;
    if (plan.prefix !== undefined && !position.sort.startsWith(plan.prefix)) continue;
    if (plan.from !== undefined && comparePositions(position, { sort: plan.from, pk: '', sk: '' }) < 0)
      continue;
    if (plan.to !== undefined && afterBound(position.sort, plan.to)) continue;
    found.push({ row, position });
  }
  found.sort((a, b) => sign * comparePositions(a.position, b.position));
  const rows = found.slice(0, plan.limit).map((entry) => entry.row);
  const last = rows.at(-1);
  // As in DynamoDB, a full page carries a cursor even when nothing follows.
  return last !== undefined && rows.length === plan.limit ? { rows, cursor: cursorAt(last, plan) } : { rows };
}

function afterBound(sort: string, to: string): boolean {
  return comparePositions({ sort, pk: '', sk: '' }, { sort: to, pk: '', sk: '' }) > 0;
}

function frozenCopy(row: Row): Row {
  const copy = { ...row };
  for (const [name, value] of Object.entries(copy)) {
    if (value !== undefined) (copy as Record<string, AttributeValue>)[name] = frozenValue(value);
  }
  return Object.freeze(copy);
}

function frozenValue(value: AttributeValue): AttributeValue {
  // -0 becomes 0, as in DynamoDB and in JSON.
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenValue));
  const entries = Object.entries(value).map(([name, element]) => [name, frozenValue(element)] as const);
  return Object.freeze(Object.fromEntries(entries));
}

import type { Row, RowKey } from '../table.ts';
import { indexKeys } from '../table-query.ts';
import { keyText } from '../table-rules.ts';

type IndexName = keyof typeof indexKeys;

/** Rows by key, and by partition of the base table and of each index. */
export class RowStore {
  readonly #rows = new Map<string, Row>();
  readonly #partitions: Readonly<Record<IndexName, Map<string, Map<string, Row>>>> = {
    base: new Map(),
    due: new Map(),
    project: new Map(),
  };

  read(key: RowKey): Row | undefined {
    return this.#rows.get(keyText(key));
  }

  /** Replaces the row; undefined deletes it. */
  write(key: RowKey, row: Row | undefined): void {
    const id = keyText(key);
    const before = this.#rows.get(id);
    if (before !== undefined) this.#unlink(id, before);
    if (row === undefined) this.#rows.delete(id);
    else {
      this.#rows.set(id, row);
      this.#link(id, row);
    }
  }

  all(): Iterable<Row> {
    return this.#rows.values();
  }

  partition(index: IndexName, partition: string): Iterable<Row> {
    return this.#partitions[index].get(partition)?.values() ?? [];
  }

  #link(id: string, row: Row): void {
    for (const [index, partition] of placesOf(row)) {
      const rows = this.#partitions[index].get(partition);
      if (rows === undefined) this.#partitions[index].set(partition, new Map([[id, row]]));
      else rows.set(id, row);
    }
  }

  #unlink(id: string, row: Row): void {
    for (const [index, partition] of placesOf(row)) {
      const rows = this.#partitions[index].get(partition);
      rows?.delete(id);
      if (rows?.size === 0) this.#partitions[index].delete(partition);
    }
  }
}

/** Partitions the row is in; an index wants both of its attributes. */
function placesOf(row: Row): [IndexName, string][] {
  const places: [IndexName, string][] = [['base', row.pk]];
  for (const index of ['due', 'project'] as const) {
    const partition = row[indexKeys[index].partition];
    if (partition !== undefined && row[indexKeys[index].sort] !== undefined) places.push([index, partition]);
  }
  return places;
}

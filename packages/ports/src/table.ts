/** One table, two sparse indexes; the rows are those of docs/architecture.md. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** An item. `pk` and `sk` are its key; `duePk`/`dueAt` and `projectPk`/`projectSk` put it into the indexes. */
export interface Row {
  readonly pk: string;
  readonly sk: string;
  /** Partition of the `due` index; absent = not in it. */
  readonly duePk?: string;
  /** ISO 8601 instant, sort key of the `due` index. */
  readonly dueAt?: string;
  readonly projectPk?: string;
  readonly projectSk?: string;
  /** Unix seconds after which the row may vanish (up to 48 h late in DynamoDB). */
  readonly expiresAt?: number;
  readonly [attribute: string]: AttributeValue | undefined;
}

export interface RowKey {
  readonly pk: string;
  readonly sk: string;
}

/** All listed tests must hold on the row as it is before the write. */
export interface Condition {
  readonly exists?: boolean;
  readonly equals?: Readonly<Record<string, string | number | boolean>>;
  /** The attribute is one of the values. */
  readonly oneOf?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Numeric attribute >= value. */
  readonly atLeast?: Readonly<Record<string, number>>;
  readonly missing?: readonly string[];
}

export type Write =
  | { readonly put: Row; readonly if?: Condition }
  | {
      readonly update: RowKey;
      readonly set?: Readonly<Record<string, AttributeValue>>;
      readonly remove?: readonly string[];
      /** Whole numbers added to attributes that hold whole numbers; a missing attribute counts as 0. */
      readonly add?: Readonly<Record<string, number>>;
      readonly if?: Condition;
    }
  | { readonly delete: RowKey; readonly if?: Condition }
  | { readonly check: RowKey; readonly if: Condition };

export interface Query {
  /** Base table when absent. Index reads may be stale: they find candidates, they never decide. */
  readonly index?: 'due' | 'project';
  readonly partition: string;
  /** Inclusive bounds on the sort key; `prefix` excludes the other two. */
  readonly from?: string;
  readonly to?: string;
  readonly prefix?: string;
  readonly limit?: number;
  readonly descending?: boolean;
  readonly cursor?: string;
}

export interface Table {
  /** Strongly consistent. */
  get(key: RowKey): Promise<Row | undefined>;
  query(query: Query): Promise<{ readonly rows: readonly Row[]; readonly cursor?: string }>;
  /**
   * All or nothing, at most 100 writes on distinct keys. An update of an absent row creates it, unless `if` forbids.
   * @throws SwathError Conflict when a condition fails (nothing is written; see `failedWrites`),
   *   InvalidInput, LimitExceeded (400 KB a row, 4 MB in all), Throttled or Unavailable when the outcome may be unknown.
   */
  transact(writes: readonly Write[]): Promise<void>;
}

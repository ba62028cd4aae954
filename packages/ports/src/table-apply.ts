import { SwathError } from '@swath/core';
import type { AttributeValue, Condition, Row, Write } from './table.ts';
import { checkRowSize } from './table-rules.ts';

/** Whether every test of the condition holds on the row as it is; a missing attribute fails every test but `missing`. */
export function conditionHolds(condition: Condition, row: Row | undefined): boolean {
  const at = (name: string): AttributeValue | undefined =>
    row !== undefined && Object.hasOwn(row, name) ? row[name] : undefined;
  if (condition.exists !== undefined && condition.exists !== (row !== undefined)) return false;
  for (const [name, value] of Object.entries(condition.equals ?? {})) {
    if (at(name) !== value) return false;
  }
  for (const [name, values] of Object.entries(condition.oneOf ?? {})) {
    if (!values.some((value) => at(name) === value)) return false;
  }
  for (const [name, least] of Object.entries(condition.atLeast ?? {})) {
    const value = at(name);
    if (typeof value !== 'number' || value < least) return false;
  }
  return (condition.missing ?? []).every((name) => at(name) === undefined);
}

/**
 * The row after the write; undefined when there is none. An update of an absent row creates it.
 * @throws SwathError InvalidInput when `add` meets something that is not a whole number, LimitExceeded over 400 KB.
 */
export function rowAfter(write: Write, row: Row | undefined): Row | undefined {
  if ('put' in write) return withoutUndefined(write.put);
  if ('delete' in write) return undefined;
  if ('check' in write) return row;
  const after: Record<string, AttributeValue | undefined> & { pk: string; sk: string } = {
    ...row,
    ...write.set,
    pk: write.update.pk,
    sk: write.update.sk,
  };
  for (const name of write.remove ?? []) delete after[name];
  for (const [name, delta] of Object.entries(write.add ?? {})) {
    after[name] = sum(row !== undefined && Object.hasOwn(row, name) ? row[name] : undefined, delta, name);
  }
  checkRowSize(after);
  return withoutUndefined(after);
}

function sum(value: AttributeValue | undefined, delta: number, name: string): number {
  const total = value === undefined ? delta : typeof value === 'number' ? value + delta : Number.NaN;
  if (!Number.isSafeInteger(total)) {
    throw new SwathError(
      'InvalidInput',
      `Attribute ${name} cannot be added to: the sum is no whole number.`,
      {
        pointer: `/add/${name}`,
      },
    );
  }
  return total;
}

function withoutUndefined(row: Row): Row {
  const kept: Record<string, AttributeValue> & { pk: string; sk: string } = { pk: row.pk, sk: row.sk };
  for (const [name, value] of Object.entries(row)) {
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

import { SwathError } from '@swath/core';
import {
  maxNesting,
  maxOneOf,
  maxPartitionKeyBytes,
  maxRowBytes,
  maxSortKeyBytes,
  maxTransactBytes,
  maxTransactWrites,
} from './limits.ts';
import { rowSizeBytes } from './row-size.ts';
import type { AttributeValue, Condition, Row, RowKey, Write } from './table.ts';
import { utf8Length } from './utf8.ts';

/** Attributes that are keys of the table or of an index: non-empty text of bounded length. */
const keyAttributes: Readonly<Record<string, number>> = {
  pk: maxPartitionKeyBytes,
  sk: maxSortKeyBytes,
  duePk: maxPartitionKeyBytes,
  dueAt: maxSortKeyBytes,
  projectPk: maxPartitionKeyBytes,
  projectSk: maxSortKeyBytes,
};

export function writeKey(write: Write): RowKey {
  if ('put' in write) return write.put;
  if ('update' in write) return write.update;
  return 'delete' in write ? write.delete : write.check;
}

/** One string per key, for maps: JSON, so that no pair of keys collides. */
export function keyText(key: RowKey): string {
  return JSON.stringify([key.pk, key.sk]);
}

/**
 * What every adapter refuses before it looks at a row.
 * @throws SwathError LimitExceeded (100 writes, 400 KB a row, 4 MB in all), InvalidInput (everything else), with the
 *   index of the write in `pointer`.
 */
export function checkWrites(writes: readonly Write[]): void {
  if (writes.length > maxTransactWrites) {
    throw new SwathError(
      'LimitExceeded',
      `${writes.length} writes in one transaction; at most ${maxTransactWrites}.`,
    );
  }
  const seen = new Set<string>();
  let bytes = 0;
  for (const [index, write] of writes.entries()) {
    const at = `/${index}`;
    const key = writeKey(write);
    checkKey(key, at);
    if (seen.has(keyText(key))) throw refuse(at, 'Two writes of one transaction name the same row.');
    seen.add(keyText(key));
    if (write.if !== undefined) checkCondition(write.if, `${at}/if`);
    bytes += checkBody(write, at);
  }
  if (bytes > maxTransactBytes) {
    throw new SwathError(
      'LimitExceeded',
      `The transaction writes ${bytes} bytes; at most ${maxTransactBytes}.`,
    );
  }
}

export function checkKey(key: RowKey, pointer = ''): void {
  checkAttribute('pk', key.pk, pointer);
  checkAttribute('sk', key.sk, pointer);
}

/** @throws LimitExceeded over 400 KB. */
export function checkRowSize(row: Row, pointer = ''): number {
  const bytes = rowSizeBytes(row);
  if (bytes > maxRowBytes) {
    throw new SwathError('LimitExceeded', `The row has ${bytes} bytes; at most ${maxRowBytes}.`, {
      pointer,
      fix: 'Keep details in an object and a pointer in the row.',
    });
  }
  return bytes;
}

function checkBody(write: Write, at: string): number {
  if ('put' in write) {
    checkAttributes(write.put, `${at}/put`);
    return checkRowSize(write.put, `${at}/put`);
  }
  if ('update' in write) return checkUpdate(write, at);
  if ('check' in write && Object.values(write.if).every((part) => part === undefined)) {
    throw refuse(at, 'A check needs a condition.');
  }
  return 0;
}

function checkUpdate(write: Extract<Write, { readonly update: RowKey }>, at: string): number {
  const set = write.set ?? {};
  const add = write.add ?? {};
  checkAttributes(set, `${at}/set`);
  for (const [name, delta] of Object.entries(add)) {
    checkAttribute(name, delta, `${at}/add`);
    if (name in keyAttributes || !Number.isSafeInteger(delta)) {
      // DynamoDB adds in decimal, JavaScript in binary: only integers agree.
      throw refuse(`${at}/add/${name}`, 'Only whole numbers can be added.');
    }
  }
  const names = [...Object.keys(set), ...Object.keys(add), ...(write.remove ?? [])];
  if (new Set(names).size !== names.length) throw refuse(at, 'One attribute is changed twice by one update.');
  for (const name of names) {
    if (name === 'pk' || name === 'sk') throw refuse(at, 'An update cannot change the key of its row.');
    if (name === '') throw refuse(at, 'An attribute has no name.');
  }
  return checkRowSize({ ...set, ...add, pk: write.update.pk, sk: write.update.sk }, at);
}

function checkCondition(condition: Condition, at: string): void {
  for (const [name, value] of Object.entries(condition.equals ?? {})) checkAttribute(name, value, at, 'any');
  for (const [name, value] of Object.entries(condition.atLeast ?? {})) checkAttribute(name, value, at, 'any');
  for (const [name, values] of Object.entries(condition.oneOf ?? {})) {
    if (values.length === 0 || values.length > maxOneOf) {
      throw refuse(
        `${at}/oneOf/${name}`,
        `oneOf lists ${values.length} values; 1 to ${maxOneOf} are allowed.`,
      );
    }
    for (const value of values) checkAttribute(name, value, at, 'any');
  }
}

function checkAttributes(attributes: Readonly<Record<string, AttributeValue | undefined>>, at: string): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) checkAttribute(name, value, at);
  }
}

function checkAttribute(name: string, value: AttributeValue, at: string, keys: 'key' | 'any' = 'key'): void {
  checkName(name, at);
  const maxBytes = keys === 'key' && Object.hasOwn(keyAttributes, name) ? keyAttributes[name] : undefined;
  if (maxBytes !== undefined) {
    if (typeof value !== 'string' || value === '')
      throw refuse(`${at}/${name}`, 'A key must be non-empty text.');
    if (utf8Length(value) > maxBytes) {
      throw new SwathError('LimitExceeded', `Key ${name} has more than ${maxBytes} bytes.`, { pointer: at });
    }
  }
  checkValue(value, `${at}/${name}`, 0);
}

function checkValue(value: AttributeValue, at: string, depth: number): void {
  if (depth > maxNesting) throw refuse(at, `Values are nested deeper than ${maxNesting}.`);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw refuse(at, 'Text has half a surrogate pair, which UTF-8 cannot say.');
    return;
  }
  if (typeof value === 'number') {
    // The document client refuses numbers beyond 2^53 - 1; DynamoDB's smallest magnitude is 1e-130.
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER) || (value !== 0 && Math.abs(value) < 1e-130)) {
      throw refuse(at, `${value} is not a finite number of at most 2^53 - 1.`);
    }
    return;
  }
  if (value === null || typeof value === 'boolean') return;
  if (typeof value !== 'object') throw refuse(at, `A ${typeof value} cannot be stored.`);
  for (const [name, element] of Object.entries(value)) {
    if (!Array.isArray(value)) checkName(name, at);
    checkValue(element, `${at}/${name}`, depth + 1);
  }
}

function checkName(name: string, at: string): void {
  if (name === '' || name === '__proto__' || !name.isWellFormed()) {
    throw refuse(at, `"${name}" cannot be the name of an attribute.`);
  }
}

function refuse(pointer: string, message: string): SwathError {
  return new SwathError('InvalidInput', message, { pointer });
}

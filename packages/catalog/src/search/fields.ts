import { SwathError } from '@swath/core';
import { MAX_FIELDS } from '../limits.ts';
import type { JsonObject } from '../store/types.ts';

/** What a caller wants of each Item (Fields extension). */
export interface FieldChoice {
  readonly include: readonly (readonly string[])[];
  readonly exclude: readonly (readonly string[])[];
}

/** An Item is none without these; they stay whatever is excluded. */
const always = ['type', 'id', 'collection', 'stac_version'];

/** `id,properties.datetime,-geometry`, or `{include, exclude}`. */
export function parseFields(
  fields:
    | string
    | { readonly include?: readonly string[] | undefined; readonly exclude?: readonly string[] | undefined }
    | undefined,
): FieldChoice | undefined {
  if (fields === undefined) return undefined;
  const names =
    typeof fields === 'string'
      ? fields
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean)
      : undefined;
  const include = names?.filter((name) => !name.startsWith('-')) ?? Object(fields).include ?? [];
  const exclude =
    names?.filter((name) => name.startsWith('-')).map((name) => name.slice(1)) ??
    Object(fields).exclude ??
    [];
  if (include.length + exclude.length > MAX_FIELDS) {
    throw new SwathError('InvalidInput', `More than ${MAX_FIELDS} fields are named.`, { pointer: '/fields' });
  }
  return { include: include.map(path), exclude: exclude.map(path) };
}

/** `properties.eo:cloud_cover` in steps; a leading `+` means nothing. */
const path = (name: string): string[] => name.replace(/^\+/, '').split('.');

/** The Item with what was chosen: all of it when nothing is included by name. */
export function chooseFields(item: JsonObject, choice: FieldChoice | undefined): JsonObject {
  if (choice === undefined) return item;
  const kept: JsonObject =
    choice.include.length === 0
      ? item
      : choice.include.reduce((into, steps) => copied(into, item, steps), pick(item));
  return choice.exclude.reduce(
    (from, steps) => (steps.length === 1 && always.includes(steps[0] ?? '') ? from : without(from, steps)),
    kept,
  );
}

const pick = (item: JsonObject): JsonObject =>
  Object.fromEntries(always.flatMap((name) => (name in item ? [[name, item[name]]] : [])));

function copied(into: JsonObject, from: JsonObject, [step, ...rest]: readonly string[]): JsonObject {
  if (step === undefined || !Object.hasOwn(from, step)) return into;
  if (rest.length === 0) return { ...into, [step]: from[step] };
  const [inner, there] = [objectOf(from[step]), objectOf(into[step])];
  if (inner === undefined) return into;
  return { ...into, [step]: copied(there ?? {}, inner, rest) };
}

function without(from: JsonObject, [step, ...rest]: readonly string[]): JsonObject {
  if (step === undefined || !Object.hasOwn(from, step)) return from;
  if (rest.length === 0) return Object.fromEntries(Object.entries(from).filter(([name]) => name !== step));
  const inner = objectOf(from[step]);
  return inner === undefined ? from : { ...from, [step]: without(inner, rest) };
}

const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

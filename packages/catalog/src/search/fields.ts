import { SwathError } from '@swath/core';
import { MAX_FIELDS } from '../limits.ts';
import type { JsonObject } from '../store/types.ts';

/** What a caller wants of each Item (Fields extension). */
export interface FieldChoice {
  /** Absent: every field there is. */
  readonly include?: readonly (readonly string[])[];
  readonly exclude: readonly (readonly string[])[];
}

/** An Item is none without these; they stay whatever is excluded. */
const always = ['type', 'id', 'collection', 'stac_version'];

/** What the extension recommends where nothing is named. */
const byDefault = ['geometry', 'bbox', 'links', 'assets', 'properties.datetime'];

type Names = readonly string[] | null | undefined;

/**
 * `id,properties.datetime,-geometry`, or `{include, exclude}`. Without any name it is the extension's default set; so it
 * is with an `include` that is empty or null, less what is excluded.
 *
 * @throws SwathError InvalidInput beyond {@link MAX_FIELDS}.
 */
export function parseFields(
  fields: string | { readonly include?: Names; readonly exclude?: Names } | undefined,
): FieldChoice | undefined {
  if (fields === undefined) return undefined;
  const { include, exclude } = typeof fields === 'string' ? signed(fields) : fields;
  if ((include?.length ?? 0) + (exclude?.length ?? 0) > MAX_FIELDS) {
    throw new SwathError('InvalidInput', `More than ${MAX_FIELDS} fields are named.`, { pointer: '/fields' });
  }
  const excluded = (exclude ?? []).map(path);
  if (include === undefined && excluded.length > 0) return { exclude: excluded };
  const named = include?.length
    ? include.map(path)
    : byDefault.map(path).filter((name) => !excluded.some((parent) => isWithin(name, parent)));
  return { include: named, exclude: excluded };
}

/** The names of a text: those with a minus are excluded, and are all there is when no other is named. */
function signed(text: string): { readonly include?: Names; readonly exclude: readonly string[] } {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const include = names.filter((name) => !name.startsWith('-'));
  const exclude = names.filter((name) => name.startsWith('-')).map((name) => name.slice(1));
  return { ...(include.length === 0 ? {} : { include }), exclude };
}

/** `properties.eo:cloud_cover` in steps; a leading `+` means nothing. */
const path = (name: string): string[] => name.replace(/^\+/, '').split('.');

/** The Item with what was chosen. Of an included and an excluded path the longer decides, of two equal ones the included. */
export function chooseFields(item: JsonObject, choice: FieldChoice | undefined): JsonObject {
  if (choice === undefined) return item;
  const { include = [], exclude } = choice;
  const kept =
    choice.include === undefined
      ? item
      : include.reduce((into, steps) => copied(into, item, steps), pick(item));
  return exclude.reduce((from, steps) => {
    if (steps.length === 1 && always.includes(steps[0] ?? '')) return from;
    if (include.some((other) => other.length === steps.length && isWithin(other, steps))) return from;
    const inside = include.filter((other) => other.length > steps.length && isWithin(other, steps));
    return inside.reduce((into, other) => copied(into, item, other), without(from, steps));
  }, kept);
}

const isWithin = (path: readonly string[], parent: readonly string[]) =>
  parent.every((step, i) => path[i] === step);

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

import type { ExceptionName } from '../exceptions.ts';
import type { Arguments } from '../values/read.ts';
import type { Value } from '../values/value.ts';
import type { Schema } from './schema.ts';

/** One parameter of a process; with a default it may be left out. */
export interface ProcessParameter {
  readonly name: string;
  readonly description: string;
  /** Several: any of them fits. */
  readonly schema: Schema | readonly Schema[];
  readonly optional?: true;
  readonly default?: unknown;
}

/**
 * Other names under which parameters are understood, by process and name. The official vectors of array_filter give its
 * condition as "process", as its definition once did.
 */
export const otherNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  array_filter: { process: 'condition' },
};

/** What a process is called, takes and gives, and how it is computed over values in memory. */
export interface Process {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly parameters: readonly ProcessParameter[];
  readonly returns: { readonly description: string; readonly schema: Schema | readonly Schema[] };
  readonly exceptions: readonly ExceptionName[];
  /** openEO has not settled on it yet. */
  readonly experimental?: true;
  /** Made by a user from other processes: graphs are expanded before they run. */
  readonly isUsers?: true;
  /** Pure. Absent where the process needs imagery or storage: those run in jobs only. */
  readonly run?: (args: Arguments) => Value;
}

/** A parameter that must be given. */
export function required(
  name: string,
  description: string,
  schema: ProcessParameter['schema'],
): ProcessParameter {
  return { name, description, schema };
}

/** A parameter that may be left out; `undefined` as default: the process sees null. */
export function optional(
  name: string,
  description: string,
  schema: ProcessParameter['schema'],
  fallback?: unknown,
): ProcessParameter {
  return {
    name,
    description,
    schema,
    optional: true,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

import { SwathError } from '@swath/core';
import type * as z from 'zod';

/** RFC 6901: `~` is `~0`, `/` is `~1`. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The issue that got furthest into the document: of the members of a union, the one the user meant. */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: readonly PropertyKey[]; message: string } {
  let best: { path: readonly PropertyKey[]; message: string } = { path: [], message: 'Invalid value' };
  for (const issue of issues) {
    const inner =
      issue.code === 'invalid_union' && issue.errors.length > 0
        ? issue.errors.map((branch) => deepest(branch)).sort((a, b) => b.path.length - a.path.length)[0]
        : undefined;
    const found =
      inner !== undefined && inner.path.length > 0
        ? { path: [...issue.path, ...inner.path], message: inner.message }
        : issue.code === 'unrecognized_keys'
          ? { path: [...issue.path, issue.keys[0] ?? ''], message: 'There is no such field' }
          : { path: issue.path, message: issue.message };
    if (found.path.length >= best.path.length) best = found;
  }
  return best;
}

const where = {
  path: 'in the path',
  query: 'in the query',
  body: 'in the body',
} as const;

/**
 * The value as the schema has it; undefined without a schema, except that a query nobody declared must be empty.
 * @throws SwathError InvalidInput with a pointer into the body or the query; in the path, with the parameter's name.
 */
export function parseWith(schema: z.ZodType | undefined, value: unknown, part: keyof typeof where): unknown {
  if (schema === undefined) {
    const stray = part === 'query' ? Object.keys(value as object)[0] : undefined;
    if (stray === undefined) return undefined;
    throw new SwathError('InvalidInput', `There is no query parameter "${stray}" here.`, {
      pointer: pointerOf([stray]),
      fix: 'Remove it. /api.html lists the parameters.',
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = deepest(result.error.issues);
  const name = path.length === 0 ? '' : ` "${path.map(String).join('.')}"`;
  throw new SwathError('InvalidInput', `Invalid value${name} ${where[part]}: ${message}.`, {
    ...(part === 'path' ? {} : { pointer: pointerOf(path) }),
    fix: 'See /api.html for what is expected.',
  });
}

import * as z from 'zod';
import type { UsedAction } from './actions.ts';

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const statement = z.looseObject({
  Effect: z.literal('Allow'),
  Action: oneOrMore,
  Resource: oneOrMore,
});

/** One line of a role: an action on a resource pattern. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

/** @param documents policy documents, every intrinsic function resolved. @throws when one denies or negates: ours do not. */
export function permissionsOf(documents: readonly unknown[]): readonly Permission[] {
  const permissions = documents.flatMap((document) =>
    z
      .looseObject({ Statement: z.array(statement) })
      .parse(document)
      .Statement.flatMap(({ Action, Resource }) =>
        Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
      ),
  );
  return permissions;
}

export interface Comparison {
  /** Used and not allowed. */
  readonly missing: readonly UsedAction[];
  /** Allowed and never used. */
  readonly unused: readonly Permission[];
}

export function compare(used: readonly UsedAction[], allowed: readonly Permission[]): Comparison {
  const serves = (permission: Permission, { action, resource }: UsedAction) =>
    matches(permission.action, action) && matches(permission.resource, resource);
  return {
    missing: used.filter((one) => !allowed.some((permission) => serves(permission, one))),
    unused: allowed.filter((permission) => !used.some((one) => serves(permission, one))),
  };
}

/** IAM's patterns: `*` any text, `?` one character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Role } from '../deps.ts';
import type { Issuer } from './issuer.ts';
import { GROUPS_LIMIT, PLAIN_SUBJECT_LIMIT } from './limits.ts';

/** Names of projects are parts of table keys: no `#`, no `/`. No `:` either, which marks a person's own project. */
const projectName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const PROJECT_GROUP = 'project:';

function claimAt(payload: JWTPayload, path: readonly string[]): unknown {
  let value: unknown = payload;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

/** Groups are a list of texts, or one text separated by spaces as `scope` is. Anything else is no group. */
export function groupsOf(payload: JWTPayload, issuer: Issuer): readonly string[] {
  const claim = claimAt(payload, issuer.groupsClaim);
  const list = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return list.filter((group): group is string => typeof group === 'string').slice(0, GROUPS_LIMIT);
}

export function rolesOf(groups: readonly string[], issuer: Issuer): readonly Role[] {
  const table = new Map(Object.entries(issuer.roles));
  return [...new Set(groups.flatMap((group) => table.get(group) ?? []))];
}

/**
 * The one project a token stands for; undefined when it names none that is valid, or more than one.
 * Without a configured claim and without a `project:` group the person is the project: `user:<issuer>:<subject>`.
 */
export function projectOf(
  payload: JWTPayload,
  groups: readonly string[],
  issuer: Issuer,
): string | undefined {
  if (issuer.projectClaim !== undefined) {
    const claim = claimAt(payload, issuer.projectClaim);
    return typeof claim === 'string' && projectName.test(claim) ? claim : undefined;
  }
  const named = new Set(groups.filter((group) => group.startsWith(PROJECT_GROUP)));
  if (named.size > 1) return undefined;
  for (const group of named) {
    const name = group.slice(PROJECT_GROUP.length);
    return projectName.test(name) ? name : undefined;
  }
  return typeof payload.sub === 'string' && payload.sub !== ''
    ? `user:${userOf(payload.sub, issuer)}`
    : undefined;
}

/** Who calls, within the project: the issuer and its name for the person, which is no address and no real name. */
export const userOf = (subject: string, issuer: Issuer): string => `${issuer.id}:${subjectName(subject)}`;

/** A hash begins with `~`, which no plain subject holds: the two cannot meet. */
function subjectName(subject: string): string {
  if (subject.length <= PLAIN_SUBJECT_LIMIT && projectName.test(subject)) return subject;
  return `~${createHash('sha256').update(subject).digest('hex').slice(0, 32)}`;
}

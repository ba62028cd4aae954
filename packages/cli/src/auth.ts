import { type Role, roles } from '@swath/api/roles';
import { SwathError } from '@swath/core';
import type { Env } from './terminal.ts';

/** Who may call a server of this machine, by SWATH_AUTH. @throws SwathError InvalidInput. */
export function authOf(env: Env): 'machine' | 'token' {
  const wish = env['SWATH_AUTH'];
  if (wish === undefined || wish === '' || wish === 'machine') return 'machine';
  if (wish === 'token') return 'token';
  throw new SwathError('InvalidInput', `SWATH_AUTH is "${wish}", which is no way to know callers.`, {
    fix: 'Use "token", or leave it out: then whoever is on this machine may do everything.',
  });
}

/** What a person needs to try the roles. */
export function tokenLines(tokens: Readonly<Record<Role, string>> | undefined): readonly string[] {
  if (tokens === undefined) return [];
  return [
    '',
    'Callers need a token: export SWATH_TOKEN=<one of these>, or have one made by "npx swath token".',
    ...roles.flatMap((role) => ['', `${role}:`, tokens[role]]),
  ];
}

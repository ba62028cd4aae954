import { createHash } from 'node:crypto';
import { SwathError } from '@swath/core';
import type { RowKey } from '@swath/ports';
import * as z from 'zod';
import type { RequestDeps } from '../deps.ts';
import { MAP_LINK_HOURS_MAX } from '../limits.ts';

type Deps = Pick<RequestDeps, 'table' | 'clock' | 'random'>;

/** What a link opens: pictures of one project, and of these one thing. */
export interface MapLink {
  readonly project: string;
  /** Content key of a request, or a collection of the project itself. */
  readonly images: string;
}

const row = z.looseObject({ project: z.string(), images: z.string(), expiresAt: z.int() });

/** The table knows a link by its hash: who reads the table, or a copy of it, has no link. */
const keyOf = (token: string): RowKey => ({
  pk: `LINK#${createHash('sha256').update(token).digest('hex')}`,
  sk: 'LINK',
});

/**
 * Makes a link to pictures for programs that send no header: whoever has it may look at these, until it expires.
 * @param hours at most MAP_LINK_HOURS_MAX.
 * @returns the token, which is told this once, of 256 random bits.
 */
export async function makeMapLink(
  { table, clock, random }: Deps,
  { project, images, user }: MapLink & { readonly user?: string | undefined },
  hours: number,
): Promise<{ readonly token: string; readonly expires: string }> {
  if (!(hours > 0 && hours <= MAP_LINK_HOURS_MAX)) {
    throw new SwathError('InvalidInput', `A link lives for up to ${MAP_LINK_HOURS_MAX} hours.`, {
      pointer: '/hours',
      fix: 'Make another one when it is over.',
    });
  }
  const token = random.secret();
  const expiresAt = Math.floor(clock.now() / 1000 + hours * 3600);
  const made = { project, images, expiresAt, ...(user === undefined ? {} : { user }) };
  await table.transact([{ put: { ...keyOf(token), ...made }, if: { exists: false } }]);
  return { token, expires: new Date(expiresAt * 1000).toISOString() };
}

/** What a token opens; undefined for one that was never made, or is over. */
export async function openMapLink(
  { table, clock }: Pick<Deps, 'table' | 'clock'>,
  token: string,
): Promise<MapLink | undefined> {
  const found = await table.get(keyOf(token));
  if (found === undefined) return undefined;
  const { project, images, expiresAt } = row.parse(found);
  // Rows that expired vanish up to two days late.
  return clock.now() < expiresAt * 1000 ? { project, images } : undefined;
}

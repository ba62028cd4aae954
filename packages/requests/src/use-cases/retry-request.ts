import { SwathError } from '@swath/core';
import type { RequestDeps } from '../deps.ts';
import { change } from '../outbox.ts';
import { canBeginAttempt } from '../states.ts';
import { beginAttempt, carryOf, nothingCarried } from '../store/attempts.ts';
import { readAttempt, readHead } from '../store/read.ts';
import { toView } from '../to-view.ts';
import type { RequestView } from '../view.ts';
import { ownHead } from './read-requests.ts';

/**
 * Another attempt at a request that did not succeed. After `partial` it keeps scenes, plan and finished chunks and
 * does only what is missing; otherwise it starts with a new search.
 *
 * @throws NotFound; Conflict in every other state.
 */
export async function retryRequest(deps: RequestDeps, project: string, id: string): Promise<RequestView> {
  await ownHead(deps, project, id);
  const head = await change(deps, id, async (current) => {
    if (!canBeginAttempt(current.state, 'user')) {
      throw new SwathError('Conflict', `A request that is ${current.state} cannot be tried again.`, {
        fix: 'Retry is for requests that failed, expired, were cancelled or are partial.',
      });
    }
    const carry =
      current.state === 'partial'
        ? carryOf(await readAttempt(deps.table, current))
        : nothingCarried(current.attempt + 1);
    return beginAttempt(deps.clock.now(), {
      head: current,
      by: 'user',
      message:
        current.state === 'partial' ? 'The user asked for what is missing.' : 'The user asked to try again.',
      carry,
    });
  });
  const now = (await readHead(deps.table, id)) ?? head;
  if (now === undefined) throw new SwathError('NotFound', 'There is no such request.');
  return toView(deps, now, 'live');
}

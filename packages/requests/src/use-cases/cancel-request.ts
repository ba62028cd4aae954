import { SwathError } from '@swath/core';
import type { RequestDeps } from '../deps.ts';
import { change } from '../outbox.ts';
import { move } from '../store/draft.ts';
import { readHead } from '../store/read.ts';
import { toView } from '../to-view.ts';
import type { RequestView } from '../view.ts';
import { ownHead } from './read-requests.ts';

const open = ['accepted', 'ordering', 'acquiring', 'processing', 'publishing', 'waiting'] as const;

/**
 * Stops a request: its jobs are cancelled, what they still report is ignored, its hold on budget and content key ends.
 * Cancelling again answers the same.
 *
 * @throws NotFound; Conflict when it has ended in another way.
 */
export async function cancelRequest(deps: RequestDeps, project: string, id: string): Promise<RequestView> {
  await ownHead(deps, project, id);
  const head = await change(deps, id, (current) => {
    if (current.state === 'cancelling' || current.state === 'cancelled') return undefined;
    const from = open.find((state) => state === current.state);
    if (from === undefined) {
      throw new SwathError('Conflict', `The request is ${current.state} already.`, {
        fix: 'Nothing needs to be done.',
      });
    }
    return move(deps.clock.now(), {
      head: current,
      from,
      to: 'cancelling',
      message: 'The user cancelled the request.',
      effects: [{ kind: 'cancel' }],
    });
  });
  const now = (await readHead(deps.table, id)) ?? head;
  if (now === undefined) throw new SwathError('NotFound', 'There is no such request.');
  return toView(deps, now, 'live');
}

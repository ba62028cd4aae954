import { type Reconciled, type RequestDeps, reconcile } from '@swath/requests';
import { lazily } from '../support/from-env.ts';

/** The sweep, on a schedule. What the event says does not matter. */
export const makeHandler =
  (deps: RequestDeps) =>
  async (_event: unknown): Promise<Reconciled> => {
    const done = await reconcile(deps);
    deps.log.info('Reconcile:Run:Done', { ...done });
    return done;
  };

export const handler = lazily(makeHandler);

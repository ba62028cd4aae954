import type { Logger } from '@swath/core';
import type { Random } from '@swath/ports';
import type { RelayDeps, RequestDeps } from '@swath/requests';
import { makeHandler } from '../../../lambdas/relay/handler.ts';
import { type Batch, eventOf, type tableStream } from './table-stream.ts';

/** Batches delivered after the faults: each row is a batch of its own at worst, with its retries. */
const HEAL_MAX = 20_000;

export interface RelayActorOptions {
  readonly stream: ReturnType<typeof tableStream>;
  readonly random: Random;
  readonly rates: { readonly lose: number; readonly repeat: number };
  /** Runs a use case as a process of its own, whose waits are scheduling points. */
  readonly run: (
    useCase: (deps: RequestDeps, pause: () => Promise<void>) => Promise<unknown>,
    ended: (error: unknown) => void,
  ) => Promise<void>;
}

/** The relay behind its mapping: late, told twice, cut short, killed; and not told at all. */
export function relayActor({ stream, random, rates, run }: RelayActorOptions) {
  let performed = 0;
  /** Runs that were killed, or are slow: Lambda ends and repeats what outlasts its time. */
  const underWay: Batch[] = [];
  const chance = (p: number) => random.fraction() < p;

  const counting = (log: Logger): Logger => ({
    ...log,
    info(key, fields) {
      if (key === 'Outbox:Relay:Done' && fields?.['relayed'] === 'done') performed++;
      log.info(key, fields);
    },
  });

  async function deliver(batch: Batch): Promise<void> {
    underWay.push(batch);
    const failed = new Set<string>();
    await run(
      async (deps, pause) => {
        const relayDeps: RelayDeps = { ...deps, wait: pause, log: counting(deps.log) };
        const answer = await makeHandler(relayDeps)(eventOf(batch));
        for (const { itemIdentifier } of answer.batchItemFailures) failed.add(itemIdentifier);
      },
      (error) => {
        const at = underWay.indexOf(batch);
        // Another delivery has taken its place.
        if (at < 0) return;
        underWay.splice(at, 1);
        stream.failed(batch, error === undefined ? failed : 'all');
      },
    );
  }

  function giveUpWaiting(): void {
    const [slow] = underWay.splice(0, 1);
    if (slow !== undefined) stream.failed(slow, 'all');
  }

  return {
    /** One batch, or the end of a run that has outlasted its time. */
    async act(): Promise<void> {
      if (chance(0.3)) giveUpWaiting();
      const batch = stream.next();
      if (batch === undefined || chance(rates.lose)) return;
      if (chance(rates.repeat)) stream.repeat(batch);
      await deliver(batch);
    },
    /** Everything that is left, without faults. @returns false when the stream does not end. */
    async finish(): Promise<boolean> {
      while (underWay.length > 0) giveUpWaiting();
      for (let delivered = 0; delivered < HEAL_MAX; delivered++) {
        const batch = stream.next();
        if (batch === undefined) return true;
        await deliver(batch);
      }
      return false;
    },
    performed: () => performed,
  };
}

import { RELAY_PATIENCE_MS } from '@swath/requests/limits';
import { outboxPrefix } from '@swath/requests/store/keys';
import { requestEnvironment } from '../support/environment.ts';
import { HANDLER_TIMEOUT_S, RELAY_BATCH_SIZE, RELAY_MEMORY_MB } from '../support/limits.ts';

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'relay',
  environment: requestEnvironment,
  /** Pattern of its event source mapping: what is new in the outbox. Everything else is not even billed. */
  filter: {
    eventName: ['INSERT'],
    dynamodb: { Keys: { pk: { S: [{ prefix: outboxPrefix }] } } },
  },
  batchSize: RELAY_BATCH_SIZE,
  /**
   * Gathers changes this long, so that their writers have normally finished and a burst is one call. It counts from the
   * first of a batch: for those that came last, the use case itself waits until their writer had his time.
   */
  windowS: RELAY_PATIENCE_MS / 1000,
  timeoutS: HANDLER_TIMEOUT_S,
  memoryMb: RELAY_MEMORY_MB,
} as const;

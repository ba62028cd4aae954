import { requestEnvironment } from '../support/environment.ts';
import { BATCH_SIZE, HANDLER_MEMORY_MB, HANDLER_TIMEOUT_S } from '../support/limits.ts';

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'order',
  environment: requestEnvironment,
  /** Queue of RequestDeps whose messages it takes. */
  queue: 'order',
  batchSize: BATCH_SIZE,
  timeoutS: HANDLER_TIMEOUT_S,
  memoryMb: HANDLER_MEMORY_MB,
} as const;

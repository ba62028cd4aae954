import { requestEnvironment } from '../support/environment.ts';
import { HANDLER_MEMORY_MB, HANDLER_TIMEOUT_S } from '../support/limits.ts';

/** What the stack gives this handler, and what it may rely on. */
export const contract = {
  name: 'track',
  environment: requestEnvironment,
  /** Pattern of its EventBridge rule; children of array jobs are left out by the handler too. */
  rule: {
    source: ['aws.batch'],
    'detail-type': ['Batch Job State Change'],
    detail: { status: ['RUNNING', 'SUCCEEDED', 'FAILED'] },
  },
  timeoutS: HANDLER_TIMEOUT_S,
  memoryMb: HANDLER_MEMORY_MB,
} as const;

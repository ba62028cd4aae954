import { SwathError } from '@swath/core';
import type { Tools } from './tools.ts';

/** The runtime of one machine and the request its sample offers: the one place where packages/local is plugged in. */
export const localRuntime: Pick<Tools, 'startLocal' | 'firstRequest'> = {
  async startLocal() {
    throw new SwathError('Unsupported', 'This build has no local runtime.', {
      fix: 'Use --url with a server.',
    });
  },
  async firstRequest() {
    throw new SwathError('Unsupported', 'This build has no sample.', {
      fix: 'Submit a request of your own.',
    });
  },
};

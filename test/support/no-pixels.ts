import type { InlineCompute } from '@swath/api/openeo/service';

const refuse = () => Promise.reject(new Error('no test here reads pixels'));

/** What computes at once in tests that compute nothing. */
export const noPixels: Pick<InlineCompute, 'processWindow' | 'executor'> = {
  processWindow: refuse,
  executor: { open: refuse, close: async () => {} },
};

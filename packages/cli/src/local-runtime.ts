import type { Tools } from './tools.ts';

/** The runtime of one machine and the request its sample offers; loaded only by the commands that start it. */
export const localRuntime: Pick<Tools, 'startLocal' | 'firstRequest'> = {
  async startLocal(options) {
    const { startLocal } = await import('@swath/local/runtime/index');
    return await startLocal(options);
  },
  async firstRequest(catalogue) {
    const { catalogueRequest, sampleRequest } = await import('@swath/local/runtime/index');
    return catalogue === undefined ? sampleRequest() : await catalogueRequest(catalogue);
  },
};

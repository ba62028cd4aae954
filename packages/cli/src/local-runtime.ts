import type { Tools } from './tools.ts';

/** The runtime of one machine and the request its sample offers; loaded only by the commands that start it. */
export const localRuntime: Pick<Tools, 'startLocal' | 'makeToken' | 'firstRequest'> = {
  async startLocal(options) {
    const { startLocal } = await import('@swath/local/runtime/index');
    return await startLocal(options);
  },
  async makeToken({ dataFolder, url, ...token }) {
    const { devIssuer } = await import('@swath/local/dev-issuer/index');
    return await devIssuer({ folder: dataFolder, url, clock: { now: Date.now } }).sign(token);
  },
  async firstRequest(catalogue) {
    const { catalogueRequest, sampleRequest } = await import('@swath/local/runtime/index');
    return catalogue === undefined ? sampleRequest() : await catalogueRequest(catalogue);
  },
};

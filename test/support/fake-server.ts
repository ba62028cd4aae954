import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { makeApp } from '@swath/api';
import { fakeApi } from './fake-api.ts';

/** A real server on a free port of 127.0.0.1 over the fake API. */
export async function fakeServer(): Promise<
  ReturnType<typeof fakeApi> & { readonly url: string; stop(): Promise<void> }
> {
  const fake = fakeApi();
  const app = makeApp(fake.deps);
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (address: AddressInfo) => {
      resolve({
        ...fake,
        url: `http://127.0.0.1:${address.port}`,
        stop: () =>
          new Promise((stopped, failed) => {
            if ('closeAllConnections' in server) server.closeAllConnections();
            server.close((error) => (error === undefined ? stopped() : failed(error)));
          }),
      });
    });
  });
}

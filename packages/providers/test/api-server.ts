import type { SearchAnswer } from '@swath/ports';
import {
  type ReceivedRequest,
  type RunningServer,
  sendJson,
  startServer,
} from '../../../test/support/http-server.ts';
import { type StacApiOptions, stacApiProvider } from '../src/stac-api/provider.ts';

const open: RunningServer[] = [];

/** Closes every server of `startApi`; call it after each test. */
export async function closeApis(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.close()));
}

/** Closes a server with the others. */
export function closeLater(server: RunningServer): void {
  open.push(server);
}

export type Handler = (request: ReceivedRequest, origin: string) => unknown;

export interface ApiSetup extends Partial<StacApiOptions> {
  /** JSON of the landing page, or how it is made from the origin; 404 without. */
  readonly landing?: unknown;
}

/** An API whose searches and collections are answered by `answer`, and a provider of it that never really waits. */
export async function startApi(answer: Handler, { landing, ...options }: ApiSetup = {}) {
  const server = await startServer(async (request, response, origin) => {
    if (request.path === '/') {
      if (landing === undefined) return sendJson(response, 404, {});
      return sendJson(response, 200, typeof landing === 'function' ? landing(origin) : landing);
    }
    sendJson(response, 200, await answer(request, origin));
  });
  closeLater(server);
  const provider = stacApiProvider({
    id: 'p',
    title: 'P',
    url: `${server.origin}/`,
    sleep: async () => {},
    random: () => 0.5,
    ...options,
  });
  const searches = () => server.requests.filter((request) => request.path !== '/');
  return { server, provider, searches };
}

export const page = (features: readonly unknown[], ...links: readonly unknown[]) => ({
  type: 'FeatureCollection',
  features,
  links,
});

export const ids = (answer: SearchAnswer) => answer.scenes.map((scene) => scene.id);

/** The number in `token` of a search body, 0 on the first page. */
export const tokenOf = (request: ReceivedRequest) => Number(Object(request.body).token ?? 0);

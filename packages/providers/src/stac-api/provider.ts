import type { Provider } from '@swath/ports';
import type { JsonObject } from '@swath/stac/item/json';
import { type HttpDeps, jsonClient } from '../http/client.ts';
import { parseProviderUrl, policyFor } from '../http/origin.ts';
import { readCollections } from './collections.ts';
import { type Landing, readLanding } from './landing.ts';
import { type ApiContext, refusesPost, searchScenes } from './search.ts';

export interface StacApiOptions extends HttpDeps {
  readonly id: string;
  /** Landing page of the API. https, or http on this machine. */
  readonly url: string;
  readonly title: string;
  /** Sent with every request, such as an API key. Never logged, never sent elsewhere. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told of each Item that is read, as the API sent it; perhaps one more than the limit of the search. */
  readonly onItem?: (item: JsonObject) => void;
  /** @default 'reference' */
  readonly acquire?: Provider['acquire'];
}

/**
 * Any STAC API (item-search, 0.9 to 1.0) as a provider. What the API ignores of a query is checked here, so that
 * two APIs with the same Items give the same answer.
 * @throws InvalidInput when the URL is not one.
 */
export function stacApiProvider(options: StacApiOptions): Provider {
  const base = parseProviderUrl(options.url);
  const api: ApiContext = {
    id: options.id,
    base,
    client: jsonClient({ ...options, policy: policyFor(base, options.policy) }),
    headers: options.headers ?? {},
    ...(options.onItem === undefined ? {} : { onItem: options.onItem }),
  };
  // Kept once it was read; concurrent first callers each read it, so that none hangs on another's abort.
  let known: Landing | undefined;
  const landing = async (signal: AbortSignal | undefined): Promise<Landing> => {
    known ??= await readLanding(api.base, api.client, {
      headers: api.headers,
      ...(signal === undefined ? {} : { signal }),
    });
    return known;
  };
  return {
    id: options.id,
    title: options.title,
    acquire: options.acquire ?? 'reference',
    async search(query) {
      const about = await landing(query.signal);
      try {
        return await searchScenes(api, about, query);
      } catch (error) {
        if (about.searchMethod === 'GET' || !refusesPost(error)) throw error;
        known = { ...about, searchMethod: 'GET' };
        return await searchScenes(api, known, query);
      }
    },
    async collections(signal) {
      return await readCollections(api, await landing(signal), signal);
    },
  };
}

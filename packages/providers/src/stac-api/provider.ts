import type { Provider, SceneQuery } from '@swath/ports';
import type { JsonObject } from '@swath/stac/item/json';
import { type HttpDeps, jsonClient } from '../http/client.ts';
import { parseProviderUrl, policyFor } from '../http/origin.ts';
import { readCollections } from './collections.ts';
import { type Landing, readLanding } from './landing.ts';
import { type ApiContext, refusesPost, searchItems, searchScenes } from './search.ts';

export interface StacApiOptions extends HttpDeps {
  readonly id: string;
  /** Landing page of the API. https, or http on this machine. */
  readonly url: string;
  readonly title: string;
  /** Sent with every request, such as an API key. Never logged, never sent elsewhere. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 'reference' */
  readonly acquire?: Provider['acquire'];
}

/**
 * Any STAC API (item-search, 0.9 to 1.0) as a provider. What the API ignores of a query is checked here, so that
 * two APIs with the same Items give the same answer.
 * @throws InvalidInput when the URL is not one.
 */
export function stacApiProvider(options: StacApiOptions): Provider {
  const { api, landing, byGet } = connect(options);
  return {
    id: options.id,
    title: options.title,
    acquire: options.acquire ?? 'reference',
    async search(query) {
      const about = await landing(query.signal);
      try {
        return await searchScenes(api, about, query);
      } catch (error) {
        return await searchScenes(api, byGet(about, error), query);
      }
    },
    async collections(signal) {
      return await readCollections(api, await landing(signal), signal);
    },
  };
}

/**
 * Items of a search of any STAC API as it sends them, page after page while they are taken: for what holds none of them.
 * Those that Swath could not use are left out, as from a search; the limit of the query is not looked at.
 * @throws as the provider's search, and InvalidInput when the URL is none.
 */
export async function* stacApiItems(options: StacApiOptions, search: SceneQuery): AsyncGenerator<JsonObject> {
  const { api, landing, byGet } = connect(options);
  const query = { ...search, limit: Number.POSITIVE_INFINITY };
  const about = await landing(query.signal);
  let sent = 0;
  try {
    for await (const item of searchItems(api, about, query)) {
      sent++;
      yield item;
    }
  } catch (error) {
    // Once Items were sent, another search would send them again.
    if (sent > 0) throw error;
    yield* searchItems(api, byGet(about, error), query);
  }
}

function connect(options: StacApiOptions) {
  const base = parseProviderUrl(options.url);
  const api: ApiContext = {
    id: options.id,
    base,
    client: jsonClient({ ...options, policy: policyFor(base, options.policy) }),
    headers: options.headers ?? {},
  };
  // Kept once it was read; concurrent first callers each read it, so that none hangs on another's abort.
  let known: Landing | undefined;
  return {
    api,
    async landing(signal: AbortSignal | undefined): Promise<Landing> {
      known ??= await readLanding(api.base, api.client, {
        headers: api.headers,
        ...(signal === undefined ? {} : { signal }),
      });
      return known;
    },
    /** The API as one that is searched by GET, when that is what the error says; else throws the error. */
    byGet(about: Landing, error: unknown): Landing {
      if (about.searchMethod === 'GET' || !refusesPost(error)) throw error;
      known = { ...about, searchMethod: 'GET' };
      return known;
    },
  };
}

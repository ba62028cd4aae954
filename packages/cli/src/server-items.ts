import type { Received, searchBody } from '@swath/api/schemas/index';
import { SwathError } from '@swath/core';
import { parseAoi, parseDatetime } from '@swath/geo';
import type { Client } from './client.ts';
import { ITEMS_PER_PAGE, MAX_SEARCHED_COLLECTIONS } from './limits.ts';

type Search = Received<typeof searchBody>;

/**
 * Items of a search through the STAC API of the server, page after page while they are taken, oldest first: scenes of any
 * of its providers, registered imagery, and results.
 *
 * @param search its limit is not looked at. Without collections: those of the provider.
 * @throws SwathError InvalidInput (area, datetime, too many collections), and what the server answers.
 */
export async function* serverItems(client: Client, search: Search): AsyncGenerator<unknown> {
  const aoi = typeof search.aoi === 'string' ? await storedArea(client, search.aoi) : search.aoi;
  const body = bodyOf({ ...search, aoi }, await collectionsOf(client, search));
  let token: unknown;
  for (;;) {
    const page = await client.searchItems({ ...body, ...(token === undefined ? {} : { token }) });
    yield* page.features;
    const next = page.links.find(({ rel }) => rel === 'next')?.body?.['token'];
    if (next === undefined) return;
    if (next === token) {
      throw new SwathError('Unavailable', 'The pages of the search stand still.', {
        fix: 'Narrow the search by area or time.',
      });
    }
    token = next;
  }
}

/** `<id>` or `<id>@<version>`. @throws SwathError NotFound. */
async function storedArea(client: Client, reference: string) {
  const [id = '', version] = reference.split('@');
  return (await client.getAoi(id, version === undefined ? undefined : Number(version))).geometry;
}

/** Ids of the server's STAC API: those of providers other than the default one begin with the provider's. */
async function collectionsOf(client: Client, { provider, collections }: Search): Promise<readonly string[]> {
  if (provider === undefined && collections !== undefined) return collections;
  const { providers } = await client.listProviders();
  const chosen = providers.find((one) => (provider === undefined ? one.default : one.id === provider));
  if (chosen === undefined) {
    throw new SwathError('NotFound', `The server has no provider "${provider ?? ''}".`, {
      fix: `It has ${providers.map(({ id }) => id).join(', ')}.`,
    });
  }
  const own = collections ?? (await client.listCollections(chosen.id)).collections.map(({ id }) => id);
  if (own.length > MAX_SEARCHED_COLLECTIONS) {
    throw new SwathError('InvalidInput', `${chosen.title} has ${own.length} collections.`, {
      fix: `Name those to search, at most ${MAX_SEARCHED_COLLECTIONS}, with --collection.`,
    });
  }
  return own.map((id) => (chosen.default ? id : `${chosen.id}:${id}`));
}

/** Body of POST /search. STAC wants instants where requests take days. */
function bodyOf({ aoi, datetime, maxCloudCoverPercent }: Search, collections: readonly string[]) {
  const interval = datetime === undefined ? undefined : parseDatetime(datetime, '/datetime');
  const isBounded = interval !== undefined && (interval.start !== null || interval.end !== null);
  return {
    collections,
    ...(aoi === undefined ? {} : { intersects: parseAoi(aoi, '/aoi').geometry }),
    ...(isBounded ? { datetime: `${interval.start ?? '..'}/${interval.end ?? '..'}` } : {}),
    ...(maxCloudCoverPercent === undefined
      ? {}
      : {
          'filter-lang': 'cql2-json',
          filter: { op: '<=', args: [{ property: 'eo:cloud_cover' }, maxCloudCoverPercent] },
        }),
    sortby: [{ field: 'datetime', direction: 'asc' }],
    limit: ITEMS_PER_PAGE,
  };
}

import { defineRoute, type Route } from '../route.ts';
import { sceneCollection, searchBody } from '../schemas/catalogue.ts';
import { searchScenes } from '../search-scenes.ts';
import { providerOf } from './providers.ts';

export const searchRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/scenes/search',
    operationId: 'searchScenes',
    tag: 'Catalogue',
    summary: 'Search scenes of a provider',
    description:
      'What a provider has: by area, time, collection and cloud cover, in the words of a request. Nothing is ordered. Items that cannot be used are listed as `skipped`, with the reason.',
    auth: 'viewer',
    body: searchBody,
    example: {
      collections: ['sentinel-2-l2a'],
      aoi: [4.8, 52.3, 4.95, 52.4],
      datetime: '2024-05-01/2024-08-31',
      maxCloudCoverPercent: 20,
    },
    answer: {
      status: 200,
      description: 'The scenes, oldest first.',
      schema: sceneCollection,
      contentType: 'application/geo+json',
    },
    problems: [404, 413, 415, 502],
    async handle({ body }, call) {
      const provider = providerOf(call, body.provider ?? call.deps.defaultProvider, '/provider');
      const search = searchBody.parse(await call.deps.aois.inPlace(call.identity.project, body));
      return { value: await searchScenes(provider, search, call.request.signal) };
    },
  }),
];

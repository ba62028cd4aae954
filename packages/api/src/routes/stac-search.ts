import { defineRoute, type Route } from '../route.ts';
import { itemCollection, searchDocument, searchQuery } from '../schemas/stac.ts';
import { answerPage, inputOf } from '../stac-page.ts';

const answer = {
  status: 200,
  description: 'A page of Items.',
  schema: itemCollection,
  contentType: 'application/geo+json',
} as const;

export const stacSearchRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/search',
    operationId: 'getItemSearch',
    tag: 'STAC',
    summary: 'Search Items by URL',
    description:
      'Through the collections of the project, or those that are named. Follow the `next` link for more.',
    auth: 'viewer',
    query: searchQuery,
    answer,
    problems: [422, 502],
    async handle({ query }, call) {
      return answerPage(
        { input: inputOf(query), fields: query.fields, path: '/search', method: 'GET' },
        call,
      );
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/search',
    operationId: 'postItemSearch',
    tag: 'STAC',
    summary: 'Search Items',
    description:
      'As by URL. The body of the `next` link is merged into that of the search, as STAC clients do by themselves.',
    auth: 'viewer',
    body: searchDocument,
    example: {
      collections: ['results'],
      bbox: [4.8, 52.3, 4.95, 52.4],
      datetime: '2024-05-01T00:00:00Z/2024-08-31T23:59:59Z',
      'filter-lang': 'cql2-text',
      filter: 'eo:cloud_cover < 20',
      sortby: [{ field: 'datetime', direction: 'asc' }],
      limit: 10,
    },
    answer,
    problems: [413, 415, 422, 502],
    async handle({ body }, call) {
      const { fields, 'filter-lang': filterLang, 'filter-crs': filterCrs, ...input } = body;
      return answerPage(
        { input: { ...input, filterLang, filterCrs }, fields, path: '/search', method: 'POST' },
        call,
      );
    },
  }),
];

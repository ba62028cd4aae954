import {
  chooseCollections,
  collectionDocument,
  collectionHref,
  JSON_TYPE,
  parseSearch,
  queryablesDocument,
  SCHEMA_TYPE,
  stacConformance,
} from '@swath/catalog';
import { SwathError } from '@swath/core';
import * as z from 'zod';
import { openeoConformance } from '../openeo/capabilities.ts';
import { shownItem } from '../pictures/map-links.ts';
import { defineRoute, type Route } from '../route.ts';
import {
  collectionsQuery,
  conformance,
  itemCollection,
  itemsQuery,
  queryables,
  stacCollection,
  stacCollections,
  stacItem,
} from '../schemas/stac.ts';
import { answerPage, inputOf } from '../stac-page.ts';
import { linkHeader, nextPage } from './paging.ts';

const tag = 'STAC';
const geojson = 'application/geo+json';
const segment = z.string().min(1).max(256);
const collectionParams = z.object({ collectionId: segment.describe('Id of the collection.') });
const itemParams = z.object({
  collectionId: segment.describe('Id of the collection.'),
  itemId: segment.describe('Id of the Item.'),
});

export const stacCollectionRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/conformance',
    operationId: 'getConformance',
    openeo: 'shared',
    tag,
    summary: 'What this API conforms to',
    description: 'The same list as on the landing page.',
    auth: 'public',
    answer: { status: 200, description: 'Conformance classes.', schema: conformance },
    async handle(_input, { deps }) {
      return {
        value: { conformsTo: [...stacConformance, ...(deps.openeo === undefined ? [] : openeoConformance)] },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/queryables',
    operationId: 'getQueryables',
    tag,
    summary: 'What a filter may name',
    description: 'JSON Schema of the properties that Items of any collection may have.',
    auth: 'public',
    answer: { status: 200, description: 'The schema.', schema: queryables, contentType: SCHEMA_TYPE },
    async handle(_input, { baseUrl }) {
      const document = queryablesDocument(`${baseUrl}/queryables`, 'all', 'Items of all collections');
      return { value: { ...document, type: 'object' as const } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/collections',
    operationId: 'getCollections',
    openeo: 'shared',
    tag,
    summary: 'Collections',
    description:
      'The results and registered imagery of the project, and the collections of its providers, by place, time and words. A provider that does not answer is named in `swath:silent`.',
    auth: 'viewer',
    query: collectionsQuery,
    answer: {
      status: 200,
      description: 'The collections.',
      schema: stacCollections,
      headers: { Link: 'rel="next", absent on the last page.' },
    },
    async handle({ query: { q, limit, cursor = 0, ...extent } }, { deps, identity, baseUrl }) {
      const wanted = { ...parseSearch(inputOf(extent)), words: q };
      const { collections, silent } = await deps.catalogue.collections(identity.project);
      const matching = chooseCollections(collections, wanted);
      const page = matching.slice(cursor, limit === undefined ? undefined : cursor + limit);
      const end = cursor + page.length;
      const href = `${baseUrl}/collections`;
      const next = nextPage(href, { ...extent, q, limit }, end < matching.length ? String(end) : undefined);
      return {
        headers: linkHeader(next),
        value: {
          collections: page.map((facts) => described(collectionDocument(facts, baseUrl))),
          links: [
            { rel: 'self', href, type: JSON_TYPE },
            { rel: 'root', href: `${baseUrl}/`, type: JSON_TYPE },
            ...(next === undefined ? [] : [{ rel: 'next', href: next, type: JSON_TYPE }]),
          ],
          numberReturned: page.length,
          numberMatched: matching.length,
          'swath:silent': silent,
        },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/collections/{collectionId}',
    operationId: 'getCollection',
    openeo: 'shared',
    tag,
    summary: 'A collection',
    description: 'STAC Collection.',
    auth: 'viewer',
    params: collectionParams,
    answer: { status: 200, description: 'The collection.', schema: stacCollection },
    problems: [404, 502],
    async handle({ params }, { deps, identity, baseUrl }) {
      const facts = await deps.catalogue.collection(identity.project, params.collectionId);
      return { value: described(collectionDocument(facts, baseUrl)) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/collections/{collectionId}/queryables',
    operationId: 'getCollectionQueryables',
    openeo: 'shared',
    tag,
    summary: 'What a filter on a collection may name',
    description: 'JSON Schema of the properties of its Items.',
    auth: 'viewer',
    params: collectionParams,
    answer: { status: 200, description: 'The schema.', schema: queryables, contentType: SCHEMA_TYPE },
    problems: [404, 502],
    async handle({ params }, { deps, identity, baseUrl }) {
      const facts = await deps.catalogue.collection(identity.project, params.collectionId);
      const href = `${collectionHref(baseUrl, facts.id)}/queryables`;
      const kind = facts.provider === undefined ? 'own' : 'provider';
      return { value: { ...queryablesDocument(href, kind, facts.title), type: 'object' as const } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/collections/{collectionId}/items',
    operationId: 'getItems',
    openeo: 'shared',
    tag,
    summary: 'Items of a collection',
    description: 'Newest first unless `sortby` says otherwise. Follow the `next` link for more.',
    auth: 'viewer',
    params: collectionParams,
    query: itemsQuery,
    answer: { status: 200, description: 'A page of Items.', schema: itemCollection, contentType: geojson },
    problems: [404, 422, 502],
    async handle({ params, query }, call) {
      const { id } = await call.deps.catalogue.collection(call.identity.project, params.collectionId);
      const input = inputOf(query);
      if (input.collections?.includes(id) === false) throw otherCollection(id);
      return answerPage(
        {
          input: { ...input, collections: [id] },
          fields: query.fields,
          path: `/collections/${encodeURIComponent(id)}/items`,
          method: 'GET',
        },
        call,
      );
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/collections/{collectionId}/items/{itemId}',
    operationId: 'getItem',
    openeo: 'shared',
    tag,
    summary: 'An Item',
    description: 'STAC Item. Hrefs of results lead to files of this API, which support HEAD and Range.',
    auth: 'viewer',
    params: itemParams,
    answer: { status: 200, description: 'The Item.', schema: stacItem, contentType: geojson },
    problems: [404, 422, 502],
    async handle({ params }, { deps, identity, baseUrl, request }) {
      const { collectionId, itemId } = params;
      const entry = await deps.catalogue.item(identity.project, collectionId, itemId, request.signal);
      return { value: { ...shownItem(entry, baseUrl), id: entry.id } };
    },
  }),
];

const otherCollection = (id: string) =>
  new SwathError('InvalidInput', `Items here are of the collection "${id}".`, {
    pointer: '/collections',
    fix: 'Leave "collections" out, or search several by /search.',
  });

/** The document with the types its schema names. */
function described(document: ReturnType<typeof collectionDocument>): z.input<typeof stacCollection> {
  return stacCollection.parse(document);
}

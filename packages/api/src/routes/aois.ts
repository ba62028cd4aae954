import type { AoiView } from '@swath/requests';
import * as z from 'zod';
import { PAGE_DEFAULT, PAGE_LIMIT } from '../limits.ts';
import { defineRoute, type Route } from '../route.ts';
import { aoiBody, aoiList, aoiView } from '../schemas/aoi.ts';
import type { Sent } from '../schemas/common.ts';
import { linkHeader, nextPage } from './paging.ts';

const idParams = z.object({ id: z.string() });

const sent = (aoi: AoiView): Sent<typeof aoiView> => ({
  ...aoi,
  geometry: { type: aoi.geometry.type, coordinates: [...aoi.geometry.coordinates] },
});

export const aoiRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/aois',
    operationId: 'listAreas',
    tag: 'Areas',
    summary: 'Stored areas',
    description: 'Areas of interest of the project, by id. A request names one as `"aoi": "<id>"`.',
    auth: 'viewer',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).default(PAGE_DEFAULT),
      cursor: z.string().min(1).max(1024).optional().describe('From a `next` link.'),
    }),
    answer: {
      status: 200,
      description: 'One page of areas.',
      schema: aoiList,
      headers: { Link: 'rel="next", absent on the last page.' },
    },
    async handle({ query: { limit, cursor } }, { deps, identity, baseUrl }) {
      const page = await deps.aois.list(identity.project, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const next = nextPage(`${baseUrl}/aois`, { limit }, page.cursor);
      return {
        headers: linkHeader(next),
        value: { aois: page.aois, links: next === undefined ? [] : [{ rel: 'next', href: next }] },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/aois/{id}',
    operationId: 'getArea',
    tag: 'Areas',
    summary: 'Look at an area',
    description: 'Its newest version, or the one asked for.',
    auth: 'viewer',
    params: idParams,
    query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
    answer: { status: 200, description: 'The area.', schema: aoiView },
    problems: [404],
    async handle({ params, query }, { deps, identity }) {
      return { value: sent(await deps.aois.get(identity.project, params.id, query.version)) };
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/aois/{id}',
    operationId: 'putArea',
    tag: 'Areas',
    summary: 'Store an area',
    description:
      'Under an id of your choosing. Another geometry under the same id is the next version; requests keep the version they were made with.',
    auth: 'requester',
    params: idParams,
    document: aoiBody,
    example: { area: [4.8, 52.3, 4.95, 52.4], title: 'Fields north of the canal' },
    answer: { status: 200, description: 'The area as it is stored.', schema: aoiView },
    problems: [409, 413, 415],
    async handle({ params, document }, { deps, identity }) {
      return { value: sent(await deps.aois.put(identity.project, params.id, document)) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/aois/{id}',
    operationId: 'deleteArea',
    tag: 'Areas',
    summary: 'Delete an area',
    description: 'Takes it out of the list. Its versions stay readable, because requests name them.',
    auth: 'requester',
    params: idParams,
    answer: { status: 204, description: 'It is gone.', schema: z.null() },
    problems: [404, 409],
    async handle({ params }, { deps, identity }) {
      await deps.aois.delete(identity.project, params.id);
      return new Response(null, { status: 204 });
    },
  }),
];

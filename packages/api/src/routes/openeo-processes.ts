import { JSON_TYPE } from '@swath/catalog';
import * as z from 'zod';
import { OPENEO_PAGE } from '../openeo/limits.ts';
import { withOwnStac } from '../openeo/own-stac.ts';
import { openeoOf } from '../openeo/service.ts';
import { defineRoute, type Route } from '../route.ts';
import { processBody, processList, userProcess } from '../schemas/openeo.ts';
import { pageQuery } from './openeo-capabilities.ts';
import { nextPage } from './paging.ts';

const tag = 'openEO';
const openeo = 'own';
const params = z.object({ process_graph_id: z.string().min(1).max(256).describe('Id of the process.') });

export const openeoProcessRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/process_graphs',
    operationId: 'listUserProcesses',
    tag,
    summary: 'Saved pipelines',
    description: 'User-defined processes of the project, without their graphs.',
    auth: 'viewer',
    openeo,
    query: pageQuery,
    answer: { status: 200, description: 'One page of processes.', schema: processList },
    async handle({ query: { limit = OPENEO_PAGE, cursor } }, call) {
      const page = await openeoOf(call).processes.list(call.identity.project, {
        limit: Math.min(limit, OPENEO_PAGE),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const next = nextPage(`${call.baseUrl}/process_graphs`, { limit }, page.cursor);
      return {
        value: {
          processes: page.processes.map(({ process_graph: _, ...words }) => words),
          links: next === undefined ? [] : [{ rel: 'next', href: next, type: JSON_TYPE }],
        },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/process_graphs/{process_graph_id}',
    operationId: 'getUserProcess',
    tag,
    summary: 'A saved pipeline',
    description: 'As it was stored.',
    auth: 'viewer',
    openeo,
    params,
    answer: { status: 200, description: 'The process.', schema: userProcess },
    problems: [404],
    async handle({ params: { process_graph_id: id } }, call) {
      return { value: await openeoOf(call).processes.get(call.identity.project, id) };
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/process_graphs/{process_graph_id}',
    operationId: 'putUserProcess',
    tag,
    summary: 'Save a pipeline',
    description: 'Checked first. Graphs of the project may then name it as a process.',
    auth: 'requester',
    openeo,
    params,
    document: processBody,
    answer: { status: 200, description: 'It is stored.', schema: z.null() },
    problems: [409, 413, 415, 422],
    async handle({ params: { process_graph_id: id }, document }, call) {
      await openeoOf(call).processes.put(call.identity.project, id, withOwnStac(document, call.baseUrl));
      return new Response(null, { status: 200 });
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/process_graphs/{process_graph_id}',
    operationId: 'deleteUserProcess',
    tag,
    summary: 'Delete a saved pipeline',
    description: 'Jobs that were started keep what it was; graphs that name it are refused from then on.',
    auth: 'requester',
    openeo,
    params,
    answer: { status: 204, description: 'It is gone.', schema: z.null() },
    problems: [404, 409],
    async handle({ params: { process_graph_id: id } }, call) {
      await openeoOf(call).processes.delete(call.identity.project, id);
      return new Response(null, { status: 204 });
    },
  }),
];

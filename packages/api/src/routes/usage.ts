import * as z from 'zod';
import { USAGE_PAGE_DEFAULT, USAGE_PAGE_LIMIT } from '../limits.ts';
import { defineRoute, type Route } from '../route.ts';
import { usageList } from '../schemas/usage.ts';
import { linkHeader, nextPage } from './paging.ts';

export const usageRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/usage',
    operationId: 'getUsage',
    tag: 'Requests',
    summary: 'What the project used',
    description:
      'By month, newest first: requests by their end, results, pixels, bytes, compute time, budget units, estimated price. Counted when a request ends, seconds after it is final. In more detail: the table `usage` of the SQL views.',
    auth: 'viewer',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(USAGE_PAGE_LIMIT).default(USAGE_PAGE_DEFAULT),
      cursor: z
        .string()
        .regex(/^\d{6}$/)
        .optional()
        .describe('From a `next` link.'),
    }),
    answer: {
      status: 200,
      description: 'One page of months.',
      schema: usageList,
      headers: { Link: 'rel="next", absent on the last page.' },
    },
    async handle({ query: { limit, cursor } }, { deps, identity, baseUrl }) {
      const page = await deps.requests.usage(identity.project, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const next = nextPage(`${baseUrl}/usage`, { limit }, page.cursor);
      const { project, budget, months } = page;
      return {
        headers: linkHeader(next),
        value: { project, budget, months, links: next === undefined ? [] : [{ rel: 'next', href: next }] },
      };
    },
  }),
];

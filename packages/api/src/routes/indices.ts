import * as z from 'zod';
import { findIndices } from '../indices.ts';
import { defineRoute, type Route } from '../route.ts';
import { indexList } from '../schemas/catalogue.ts';

export const indexRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/indices',
    operationId: 'listIndices',
    tag: 'Catalogue',
    summary: 'Spectral indices',
    description: 'Formulas that `{"pipeline": {"index": NAME}}` knows, with the bands each needs.',
    auth: 'public',
    query: z.strictObject({
      q: z.string().min(1).max(100).optional().describe('A name, or a word of names, titles and domains.'),
    }),
    answer: { status: 200, description: 'The indices, by name.', schema: indexList },
    async handle({ query }) {
      return {
        value: { indices: findIndices(query.q) },
        headers: { 'Cache-Control': 'public, max-age=3600' },
      };
    },
  }),
];

import * as z from 'zod';
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
      q: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe('Only those whose name, title or domain contains this.'),
    }),
    answer: { status: 200, description: 'The indices, by name.', schema: indexList },
    async handle({ query }, { deps }) {
      const words = query.q?.toLowerCase();
      const indices =
        words === undefined
          ? deps.indices
          : deps.indices.filter((index) =>
              [index.name, index.title, index.domain].some((text) => text.toLowerCase().includes(words)),
            );
      return { value: { indices }, headers: { 'Cache-Control': 'public, max-age=3600' } };
    },
  }),
];

import * as z from 'zod';
import { openApiDocument } from '../openapi.ts';
import { defineRoute, type Route } from '../route.ts';

/** The table describing itself; it is asked for late, because these routes are part of it. */
export const documentRoutes = (table: () => readonly Route[]): readonly Route[] => [
  defineRoute({
    method: 'GET',
    path: '/api',
    operationId: 'getOpenApi',
    tag: 'Service',
    summary: 'OpenAPI document',
    description: 'OpenAPI 3.0.3 of all routes.',
    auth: 'public',
    answer: {
      status: 200,
      description: 'The document.',
      schema: z.record(z.string(), z.unknown()),
      contentType: 'application/vnd.oai.openapi+json;version=3.0',
    },
    async handle(_input, { baseUrl }) {
      return { value: openApiDocument(table(), baseUrl) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api.html',
    operationId: 'getApiPage',
    tag: 'Service',
    summary: 'This API for people',
    description: 'A page made of the same table.',
    auth: 'public',
    answer: {
      status: 200,
      description: 'The page.',
      schema: z.string(),
      contentType: 'text/html',
    },
    async handle(_input, { baseUrl }) {
      // Pages are loaded by who asks for one: programs do not.
      const { docsPage } = await import('../html/docs-page.ts');
      return docsPage(table(), baseUrl);
    },
  }),
];

import { SWATH_VERSION } from '@swath/core';
import * as z from 'zod';
import { landingPage } from '../html/landing-page.ts';
import { LANDING_REQUESTS } from '../limits.ts';
import { defineRoute, type Route } from '../route.ts';
import { landing } from '../schemas/catalogue.ts';
import { nextPage } from './paging.ts';

export const landingRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/',
    operationId: 'getLandingPage',
    tag: 'Service',
    summary: 'Landing page',
    description: 'Links to everything else. A browser gets a page with the newest requests.',
    auth: 'public',
    query: z.strictObject({ cursor: z.string().max(1024).optional().describe('Only for the page.') }),
    answer: { status: 200, description: 'Name, version and links.', schema: landing },
    otherAnswers: { '200': { description: 'The same for people.', contentType: 'text/html' } },
    async handle({ query }, { deps, baseUrl, wantsHtml, identity }) {
      if (wantsHtml) {
        // Strangers may read what this is, but there is nothing of theirs to show.
        const { requests, cursor } =
          identity.project === ''
            ? { requests: [] }
            : await deps.requests.list(identity.project, {
                limit: LANDING_REQUESTS,
                ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
              });
        return landingPage({ baseUrl, requests, next: nextPage(`${baseUrl}/`, {}, cursor) });
      }
      const json = 'application/json';
      return {
        headers: { Vary: 'Accept' },
        value: {
          type: 'Catalog' as const,
          id: 'swath',
          title: 'Swath',
          description: 'Satellite imagery ordered by area, time and band; analysis-ready results back.',
          stac_version: '1.1.0',
          version: SWATH_VERSION,
          conformsTo: ['http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30'],
          links: [
            { rel: 'self', href: `${baseUrl}/`, type: json },
            { rel: 'root', href: `${baseUrl}/`, type: json },
            {
              rel: 'service-desc',
              href: `${baseUrl}/api`,
              type: 'application/vnd.oai.openapi+json;version=3.0',
            },
            { rel: 'service-doc', href: `${baseUrl}/api.html`, type: 'text/html' },
            { rel: 'requests', href: `${baseUrl}/requests`, type: json, title: 'Requests of this project' },
            { rel: 'providers', href: `${baseUrl}/providers`, type: json, title: 'Sources of imagery' },
            { rel: 'indices', href: `${baseUrl}/indices`, type: json, title: 'Spectral indices' },
            { rel: 'health', href: `${baseUrl}/health`, type: json },
          ],
        },
      };
    },
  }),
];

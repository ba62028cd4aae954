import * as z from 'zod';
import { landingDocument } from '../landing-document.ts';
import { LANDING_REQUESTS } from '../limits.ts';
import { defineRoute, type Route } from '../route.ts';
import { landing } from '../schemas/catalogue.ts';
import { nextPage } from './paging.ts';

export const landingRoutes = (table: () => readonly Route[]): readonly Route[] => [
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
    async handle({ query }, call) {
      const { deps, baseUrl, wantsHtml, identity } = call;
      if (wantsHtml) {
        // Strangers may read what this is, but there is nothing of theirs to show.
        const { requests, cursor } =
          identity.project === ''
            ? { requests: [] }
            : await deps.requests.list(identity.project, {
                limit: LANDING_REQUESTS,
                ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
              });
        const { landingPage } = await import('../html/landing-page.ts');
        return landingPage({ baseUrl, requests, next: nextPage(`${baseUrl}/`, {}, cursor) });
      }
      return { headers: { Vary: 'Accept' }, value: await landingDocument(call, table()) };
    },
  }),
];

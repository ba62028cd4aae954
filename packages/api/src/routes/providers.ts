import { SwathError } from '@swath/core';
import type { Provider } from '@swath/ports';
import * as z from 'zod';
import type { ApiDeps } from '../deps.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { collectionList, providerList } from '../schemas/catalogue.ts';

/** @throws SwathError NotFound (path) or InvalidInput with a pointer (body), naming those there are. */
export function providerOf(
  { deps, identity }: Pick<Call, 'deps' | 'identity'>,
  id: string,
  pointer?: string,
): Provider {
  const known = providersOf(deps, identity.project);
  const provider = known.find((one) => one.id === id);
  if (provider !== undefined) return provider;
  throw new SwathError(pointer === undefined ? 'NotFound' : 'InvalidInput', `There is no provider "${id}".`, {
    ...(pointer === undefined ? {} : { pointer }),
    fix: `Use one of: ${known.map((one) => one.id).join(', ')}.`,
  });
}

/** Everybody's, and the imagery the project brought itself. */
function providersOf({ providers, ownImagery }: ApiDeps, project: string): readonly Provider[] {
  return [...providers.values(), ...(ownImagery === undefined ? [] : [ownImagery(project)])];
}

export const providerRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/providers',
    operationId: 'listProviders',
    tag: 'Catalogue',
    summary: 'Sources of imagery',
    description: 'Those a request can name as `provider`.',
    auth: 'viewer',
    answer: { status: 200, description: 'The providers.', schema: providerList },
    async handle(_input, { deps, identity, baseUrl }) {
      return {
        value: {
          providers: providersOf(deps, identity.project).map((p) => ({
            id: p.id,
            title: p.title,
            acquire: p.acquire,
            default: p.id === deps.defaultProvider,
            links: [
              { rel: 'collections', href: `${baseUrl}/providers/${encodeURIComponent(p.id)}/collections` },
            ],
          })),
        },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/providers/{id}/collections',
    operationId: 'listProviderCollections',
    tag: 'Catalogue',
    summary: 'Collections of a provider',
    description: 'Asks the provider: takes as long as it takes.',
    auth: 'viewer',
    params: z.object({ id: z.string().min(1).max(64).describe('Id of the provider.') }),
    answer: { status: 200, description: 'Its collections.', schema: collectionList },
    problems: [404, 502, 503],
    async handle({ params }, call) {
      const provider = providerOf(call, params.id);
      const { request } = call;
      return { value: { provider: provider.id, collections: await provider.collections(request.signal) } };
    },
  }),
];

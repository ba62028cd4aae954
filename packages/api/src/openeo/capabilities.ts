import { JSON_TYPE, type Link } from '@swath/catalog';
import { SWATH_VERSION } from '@swath/core';
import type { ApiDeps } from '../deps.ts';
import type { Route } from '../route.ts';

export const OPENEO_VERSION = '1.2.0';

/** Classes besides those of STAC; the last lets clients send their token as it is, without `oidc/<provider>/`. */
export const openeoConformance: readonly string[] = [
  `https://api.openeo.org/${OPENEO_VERSION}`,
  `https://api.openeo.org/${OPENEO_VERSION}/authentication/jwt`,
];

/** openEO's spelling of parameters in paths. */
const snake = (path: string) =>
  path.replaceAll(
    /\{(\w+)\}/g,
    (_all, name: string) => `{${name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}}`,
  );

/** What openEO's clients may call, from the route table: each path once, without the landing page itself. */
export function endpointsOf(
  table: readonly Route[],
  deps: ApiDeps,
): readonly { readonly path: string; readonly methods: readonly string[] }[] {
  const methods = new Map<string, string[]>();
  for (const route of table) {
    if (route.openeo === undefined || route.path === '/' || !isOffered(route, deps)) continue;
    const path = snake(route.path);
    methods.set(path, [...(methods.get(path) ?? []), route.method]);
  }
  return [...methods].map(([path, list]) => ({ path, methods: list }));
}

export const isOffered = (route: Pick<Route, 'openeo' | 'offered'>, deps: ApiDeps): boolean =>
  route.offered === undefined || route.offered(deps);

/** openEO's part of the landing page. */
export function openeoPart(
  baseUrl: string,
  table: readonly Route[],
  deps: ApiDeps,
): { readonly conformsTo: readonly string[]; readonly links: readonly Link[]; readonly fields: object } {
  if (deps.openeo === undefined) return { conformsTo: [], links: [], fields: {} };
  return {
    conformsTo: openeoConformance,
    links: [
      { rel: 'version-history', href: `${baseUrl}/.well-known/openeo`, type: JSON_TYPE },
      { rel: 'processes', href: `${baseUrl}/processes`, type: JSON_TYPE, title: 'openEO processes' },
    ],
    fields: {
      api_version: OPENEO_VERSION,
      backend_version: SWATH_VERSION,
      production: false,
      endpoints: endpointsOf(table, deps),
      // Nothing is charged for: budgets are the project's own affair.
      billing: { currency: null, plans: [] },
    },
  };
}

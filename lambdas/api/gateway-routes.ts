import type { Route } from '@swath/api/route';
import { pictureRoutes, routes } from '@swath/api/routes/index';

/** `GET /requests/{id}`, as API Gateway writes routes. */
export type RouteKey = `${string} /${string}`;

export interface GatewayRoutes {
  /** Answered to everybody. */
  readonly open: readonly RouteKey[];
  /** Behind the authorizer although an open route's pattern would take them too: the more specific route wins. */
  readonly guarded: readonly RouteKey[];
}

/**
 * The routes API Gateway has to know, from the API's own table.
 *
 * Everything is behind the authorizer by `$default`; only what the table calls public is listed beside it, without.
 * An authorizer over all would not do: its identity source is the Authorization header, and a call without one is
 * refused before anybody looks at the path. Nor would an authorizer without identity source: its answers are not kept.
 */
export function gatewayRoutes(table: readonly Pick<Route, 'method' | 'path' | 'auth'>[]): GatewayRoutes {
  const open = table.filter(({ auth }) => auth === 'public');
  const guarded = table.filter(
    (route) =>
      route.auth !== 'public' &&
      open.some((one) => one.method === route.method && covers(one.path, route.path)),
  );
  return { open: open.flatMap(keysOf), guarded: guarded.flatMap(keysOf) };
}

/** Of the API. */
export const apiGatewayRoutes = (): GatewayRoutes =>
  gatewayRoutes(routes.filter((route) => !pictureRoutes.includes(route)));

/** Of the image handler: each is listed, because `$default` is the API's. */
export const pictureGatewayRoutes = (): GatewayRoutes => ({
  open: pictureRoutes.filter(({ auth }) => auth === 'public').flatMap(keysOf),
  guarded: pictureRoutes.filter(({ auth }) => auth !== 'public').flatMap(keysOf),
});

/** What answers GET answers HEAD. */
function keysOf({ method, path }: Pick<Route, 'method' | 'path'>): RouteKey[] {
  const key = (verb: string): RouteKey => `${verb} /${path.slice(1)}`;
  return method === 'GET' ? [key('GET'), key('HEAD')] : [key(method)];
}

/** Whether some call of `path` is one of `pattern` too. */
function covers(pattern: string, path: string): boolean {
  const [a, b] = [pattern.split('/'), path.split('/')];
  const free = (segment: string | undefined) => segment?.startsWith('{') === true;
  return a.length === b.length && a.every((segment, i) => free(segment) || free(b[i]) || segment === b[i]);
}

import type { Hono } from 'hono';
import type { ApiDeps } from './deps.ts';
import { routedApp } from './routed-app.ts';
import { routes } from './routes/index.ts';

/** The whole API over its dependencies: the same app in Lambda, on a laptop and in tests. */
export const makeApp = (deps: ApiDeps): Hono => routedApp(deps, routes);

import { Hono } from 'hono';
import type { ApiDeps, Identity, Role } from './deps.ts';
import { roles } from './deps.ts';
import { oauthProblem } from './device/oauth-error.ts';
import { htmlSecurityHeaders } from './html/security.ts';
import { LOG_PATH_LIMIT, REQUEST_ID_LIMIT } from './limits.ts';
import { prefers } from './negotiate.ts';
import { openeoProblem } from './openeo/errors.ts';
import { checkOrigin, corsHeaders, preflightHeaders } from './origins.ts';
import { HttpError, type ProblemContext, problemResponse } from './problem.ts';
import type { Call, Route } from './route.ts';

const honoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Matches the paths of one route, with one segment for each parameter. */
function pattern(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${escaped}$`);
}

const parametersIn = (path: string) => path.split('{').length - 1;

/** Methods that a path answers; empty when there is no such path. */
type MethodsOf = (path: string) => readonly string[];

function methodTable(table: readonly Route[]): MethodsOf {
  const shapes = table.map((route) => ({ route, shape: pattern(route.path) }));
  return (path) => methodsAt(shapes, path);
}

function methodsAt(
  shapes: readonly { readonly route: Route; readonly shape: RegExp }[],
  path: string,
): readonly string[] {
  const matching = shapes.filter(({ shape }) => shape.test(path));
  if (matching.length === 0) return [];
  // /requests/plan is also a /requests/{id}, but no id is "plan": what counts is the row that says most.
  const fewest = Math.min(...matching.map(({ route }) => parametersIn(route.path)));
  const found = matching
    .filter(({ route }) => parametersIn(route.path) === fewest)
    .map(({ route }) => route.method);
  return [...new Set([...found, ...(found.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])];
}

function requestIdOf(deps: ApiDeps, request: Request): string {
  const given = request.headers.get('x-request-id') ?? '';
  return given.length <= REQUEST_ID_LIMIT && /^[A-Za-z0-9_.:/=+-]+$/.test(given) ? given : deps.random.id();
}

/** @throws HttpError 401, 403. */
async function authorise(deps: ApiDeps, route: Route, request: Request): Promise<Identity> {
  const identity = await deps.identify(request);
  if (identity === undefined) {
    if (route.auth === 'public') return { project: '', roles: [] };
    throw new HttpError('Unauthenticated', 'This needs a signed-in caller.', {
      fix: 'Send "Authorization: Bearer <token>" (the CLI takes it from SWATH_TOKEN).',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  const needed = route.auth;
  if (needed !== 'public' && !identity.roles.some((role) => rank(role) >= rank(needed))) {
    throw new HttpError('Forbidden', `This needs the role "${needed}" in the project.`, {
      fix: 'Ask an administrator of the project for the role.',
    });
  }
  return identity;
}

const rank = (role: Role) => roles.indexOf(role);

/** Runs one call inside the habits all routes share: request id, origin, problems, headers, one log line. */
async function answer(
  deps: ApiDeps,
  request: Request,
  run: (requestId: string, baseUrl: string) => Promise<{ response: Response; project: string }>,
  route: Pick<Route, 'method' | 'path' | 'openeo' | 'errors'> | undefined,
): Promise<Response> {
  const startedMs = deps.clock.now();
  const requestId = requestIdOf(deps, request);
  const url = new URL(request.url);
  const baseUrl = deps.publicUrl ?? url.origin;
  let project = '';
  let response: Response;
  try {
    checkOrigin(deps, request, baseUrl);
    ({ response, project } = await run(requestId, baseUrl));
  } catch (error) {
    const context = { baseUrl, path: url.pathname, requestId };
    response = errorResponse(error, context, route);
    if (response.status >= 500) deps.log.error('Http:Request:Failed', { requestId, error: describe(error) });
  }
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(corsHeaders(deps, request, baseUrl))) headers.set(name, value);
  headers.set('X-Request-Id', requestId);
  headers.set('X-Content-Type-Options', 'nosniff');
  if (headers.get('Content-Type')?.startsWith('text/html')) {
    // A page that has to leave for another host says so itself.
    for (const [name, value] of Object.entries(htmlSecurityHeaders)) {
      if (!headers.has(name)) headers.set(name, value);
    }
  }
  deps.log.info('Http:Request:Done', {
    requestId,
    project,
    method: request.method,
    route: route === undefined ? 'none' : `${route.method} ${route.path}`,
    path: url.pathname.slice(0, LOG_PATH_LIMIT),
    status: response.status,
    durationMs: deps.clock.now() - startedMs,
  });
  return new Response(response.body, { status: response.status, headers });
}

/** In the form that the clients of this route read. */
function errorResponse(
  error: unknown,
  context: ProblemContext,
  route: Pick<Route, 'openeo' | 'errors'> | undefined,
): Response {
  if (route?.errors === 'oauth') return oauthProblem(error, context);
  if (route?.openeo === undefined) return problemResponse(error, context);
  return openeoProblem(error, context, route.openeo === 'shared' ? 'shared' : 'own');
}

/** For the log, which users do not see. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  return { name: error.name, message: error.message, stack: error.stack, cause: describeCause(error.cause) };
}

function describeCause(cause: unknown): string | undefined {
  return cause === undefined ? undefined : cause instanceof Error ? cause.message : String(cause);
}

/** These routes over their dependencies. Apart from the table of all of them, which a handler of some need not load. */
export function routedApp(deps: ApiDeps, table: readonly Route[]): Hono {
  const app = new Hono();
  const methodsOf = methodTable(table);
  for (const route of table) {
    app.on(route.method, honoPath(route.path), (c) =>
      answer(
        deps,
        c.req.raw,
        async (requestId, baseUrl) => {
          const request = c.req.raw;
          const identity = await authorise(deps, route, request);
          const call: Call = {
            deps,
            request,
            identity,
            requestId,
            baseUrl,
            wantsHtml: prefers(request, 'text/html'),
          };
          return { response: await route.run(c.req.param(), call), project: identity.project };
        },
        route,
      ),
    );
  }
  app.notFound((c) =>
    answer(
      deps,
      c.req.raw,
      async () => {
        const methods = methodsOf(c.req.path);
        if (methods.length === 0) {
          throw new HttpError('NotFound', 'There is nothing at this path.', {
            fix: 'GET / lists what there is; /api.html describes it.',
          });
        }
        if (c.req.method === 'OPTIONS') {
          return {
            response: new Response(null, { status: 204, headers: preflightHeaders(methods) }),
            project: '',
          };
        }
        throw new HttpError('MethodNotAllowed', `${c.req.method} is not possible here.`, {
          fix: `Use one of: ${methods.join(', ')}.`,
          headers: { Allow: methods.join(', ') },
        });
      },
      undefined,
    ),
  );
  return app;
}

import type { ApiDeps } from './deps.ts';
import { HttpError } from './problem.ts';

const EXPOSED = [
  'Location',
  'Link',
  'Retry-After',
  'X-Request-Id',
  'Swath-Idempotent',
  'OpenEO-Identifier',
  'OpenEO-Costs',
  'ETag',
  'Repr-Digest',
  'Accept-Ranges',
  'Content-Range',
  'Content-Length',
  'Swath-Bbox',
  'Swath-Crs',
  'Swath-Label',
  'Swath-Scenes',
  'Swath-Warnings',
].join(', ');

const ALLOWED_HEADERS = [
  'Content-Type',
  'Authorization',
  'Idempotency-Key',
  'X-Request-Id',
  'Range',
  'If-Range',
  'If-None-Match',
  'Last-Event-ID',
].join(', ');

/** Browsers ask again after an hour. */
const PREFLIGHT_LIFE_S = 3600;

function allowedOrigin(deps: ApiDeps, origin: string, own: string): string | undefined {
  if (origin === own) return origin;
  if (deps.origins === '*') return '*';
  return deps.origins?.includes(origin) ? origin : undefined;
}

/** CORS headers for this caller. Without an allowed Origin there are none, and the browser keeps the answer to itself. */
export function corsHeaders(deps: ApiDeps, request: Request, own: string): Record<string, string> {
  const origin = request.headers.get('origin');
  const allowed = deps.origins === '*' ? '*' : origin === null ? undefined : allowedOrigin(deps, origin, own);
  return {
    ...(deps.origins === '*' ? {} : { Vary: 'Origin, Accept' }),
    ...(allowed === undefined
      ? {}
      : { 'Access-Control-Allow-Origin': allowed, 'Access-Control-Expose-Headers': EXPOSED }),
  };
}

export function preflightHeaders(methods: readonly string[]): Record<string, string> {
  return {
    Allow: methods.join(', '),
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': String(PREFLIGHT_LIFE_S),
  };
}

/**
 * A page of another origin may not write, and a name that is not ours may not be answered: together they keep web
 * pages away from a server on the user's own machine (request forgery, DNS rebinding).
 * @throws HttpError 403, 421.
 */
export function checkOrigin(deps: ApiDeps, request: Request, own: string): void {
  const host = new URL(request.url).hostname.replace(/^\[|\]$/g, '');
  if (deps.hosts !== undefined && !deps.hosts.includes(host)) {
    throw new HttpError('Forbidden', `This server does not answer for the host name "${host}".`, {
      status: 421,
      fix: `Use one of: ${deps.hosts.join(', ')}.`,
    });
  }
  const origin = request.headers.get('origin');
  if (origin === null || request.method === 'GET' || request.method === 'HEAD') return;
  if (allowedOrigin(deps, origin, own) === undefined) {
    throw new HttpError('Forbidden', 'Pages of this origin may not change anything here.', {
      fix: 'Allow the origin in the configuration of the API.',
    });
  }
}

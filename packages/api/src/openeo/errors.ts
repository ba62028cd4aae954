import { isSwathError } from '@swath/core';
import { HttpError, type ProblemContext, problemOf } from '../problem.ts';
import type { ProblemCode } from '../schemas/common.ts';

/** Statuses of openEO's error codes where they are not 400 (openEO API 1.2, errors.json). */
const statuses: Readonly<Record<string, number>> = {
  FeatureUnsupported: 501,
  NotFound: 404,
  CollectionNotFound: 404,
  ProcessGraphNotFound: 404,
  JobNotFound: 404,
  ResultLinkExpired: 410,
};

/** openEO's word for what has no more special one. */
const codes: Readonly<Partial<Record<ProblemCode, string>>> = {
  Unauthenticated: 'AuthenticationRequired',
  Forbidden: 'PermissionsInsufficient',
  Unsupported: 'FeatureUnsupported',
  Throttled: 'InfrastructureBusy',
  Unavailable: 'InfrastructureBusy',
  Bug: 'Internal',
};

/** The code and status openEO has for a thrown value. */
export function openeoErrorOf(
  thrown: unknown,
  problem: { readonly status: number; readonly code: ProblemCode },
): { readonly code: string; readonly status: number } {
  const reason = isSwathError(thrown) ? thrown.reason : undefined;
  if (reason !== undefined) return { code: reason, status: statuses[reason] ?? 400 };
  return { code: codes[problem.code] ?? problem.code, status: problem.status };
}

/**
 * An error in openEO's format, with the members of problem details beside it: clients of either find their own. `own` is for
 * routes that only openEO has, where `code` is openEO's; on those that STAC has too it stays ours.
 */
export function openeoProblem(
  thrown: unknown,
  context: ProblemContext,
  audience: 'own' | 'shared',
): Response {
  const { status: ours, headers, body } = problemOf(thrown, context);
  const { code, status } = openeoErrorOf(thrown, body);
  const isOwn = audience === 'own';
  const fix = body.fix === undefined ? '' : ` ${body.fix}`;
  const answer = {
    ...body,
    ...(isOwn ? { code, status } : {}),
    id: context.requestId,
    message: `${body.detail}${fix}`,
    links: [{ rel: 'about', href: `${context.baseUrl}/api.html#problem-${body.code}` }],
  };
  // An HttpError chose its status itself.
  const sent = isOwn && !(thrown instanceof HttpError) ? status : ours;
  return new Response(JSON.stringify({ ...answer, status: sent }), {
    status: sent,
    headers: {
      ...headers,
      'Content-Type': isOwn ? 'application/json' : 'application/problem+json',
      'Cache-Control': 'no-store',
    },
  });
}

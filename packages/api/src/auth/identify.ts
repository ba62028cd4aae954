import type { ApiDeps } from '../deps.ts';
import { refusalError } from './refusal.ts';
import type { VerifyToken } from './verify.ts';

/**
 * For `ApiDeps.identify` where no authorizer stands before the API: the token of the call itself. Without an
 * Authorization header it is nobody.
 * @throws HttpError 401 or 403 for a token that is not taken, with the reason.
 */
export function bearerIdentity(verify: VerifyToken): ApiDeps['identify'] {
  return async (request) => {
    const authorization = request.headers.get('authorization');
    if (authorization === null) return undefined;
    const verdict = await verify(authorization);
    if ('refusal' in verdict) throw refusalError(verdict.refusal);
    const { project, user, roles } = verdict.identity;
    return { project, user, roles };
  };
}

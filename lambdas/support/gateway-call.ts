import { AsyncLocalStorage } from 'node:async_hooks';
import { refusalError } from '@swath/api/auth/refusal';
import type { Identity } from '@swath/api/deps';
import type { Clock } from '@swath/ports';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Hono } from 'hono';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { compressed } from './compress.ts';
import { type Caller, callerOf } from './identity.ts';
import { atPublicHost } from './public-host.ts';

/** Brings the authorizer's word from the event to where the app asks who it is. */
export function gatewayCalls(clock: Clock) {
  const calls = new AsyncLocalStorage<Caller>();
  return {
    /** For `ApiDeps`: who made the call that is being answered. @throws HttpError 401 or 403 for tokens that are not taken. */
    identify: async () => identityOf(calls.getStore()),
    /** The app as a handler of API Gateway's events, under the name CloudFront was called by. */
    serve: (app: Hono) => {
      const answer = handle(app);
      return async (event: APIGatewayProxyEventV2) =>
        await calls.run(callerOf(event, clock.now()), async () =>
          compressed(
            await answer(atPublicHost(event) as unknown as LambdaEvent),
            event.headers['accept-encoding'] ?? '',
          ),
        );
    },
  };
}

function identityOf(caller: Caller | undefined): Identity | undefined {
  if (caller === undefined || 'nobody' in caller) return undefined;
  if ('refusal' in caller) throw refusalError(caller.refusal);
  return caller.identity;
}

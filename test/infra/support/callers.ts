import * as z from 'zod';
import type { Gateway, HttpAnswer } from './gateway.ts';
import type { Taken, TestIssuer } from './issuer.ts';
import type { Machine } from './machine.ts';

const issuersShape = z
  .array(
    z.looseObject({ id: z.string(), issuer: z.string(), clients: z.array(z.string()), keysUrl: z.string() }),
  )
  .length(1);

/** The user pool as the authorizer's template names it. */
export function takenBy(machine: Machine): Taken {
  const said = machine.variablesOf.get('authorizer')?.['SWATH_ISSUERS'] ?? '';
  const [taken] = issuersShape.parse(JSON.parse(said));
  if (taken === undefined) throw new Error('the authorizer takes nobody');
  return taken;
}

/** An access token as Cognito makes them: the client in place of an audience, groups of the pool. */
export function claimsOf(taken: Taken, groups: readonly string[], more: object = {}) {
  const nowS = Math.floor(Date.now() / 1000);
  return {
    iss: taken.issuer,
    sub: 'person-1',
    client_id: taken.clients[0],
    token_use: 'access',
    'cognito:groups': [...groups],
    iat: nowS - 10,
    exp: nowS + 3600,
    ...more,
  };
}

export interface Call {
  readonly body?: unknown;
  /** Groups of whoever calls. @default nobody calls */
  readonly as?: readonly string[];
}

/** Calls of people who are signed in: each with a token of their groups, made once. */
export function callers(gateway: Gateway, issuer: TestIssuer, taken: Taken) {
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (groups: readonly string[]): Promise<string> => {
    const key = groups.join();
    const token = tokens.get(key) ?? issuer.sign(claimsOf(taken, groups));
    tokens.set(key, token);
    return token;
  };
  return {
    tokenOf,
    async call(
      method: 'GET' | 'POST' | 'DELETE',
      path: string,
      { body, as }: Call = {},
    ): Promise<HttpAnswer> {
      return await gateway.call({
        method,
        path,
        ...(as === undefined ? {} : { headers: { authorization: `Bearer ${await tokenOf(as)}` } }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
  };
}

import * as z from 'zod';
import type { Account } from './account.ts';
import type { Assembly } from './assembly.ts';

/** One route of the HTTP API, as its template has it. */
export interface GatewayRoute {
  /** `GET /requests/{id}`, `OPTIONS /{proxy+}`, `$default` */
  readonly key: string;
  /** Logical id of the function it leads to. */
  readonly functionId: string;
  /** Headers whose values the authorizer is asked about, in lower case; undefined where nobody is asked. */
  readonly identityHeaders: readonly string[] | undefined;
}

const route = z.looseObject({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.string().default('NONE'),
  AuthorizerId: z.string().optional(),
});
const integration = z.looseObject({ IntegrationUri: z.string() });
const authorizer = z.looseObject({ IdentitySource: z.array(z.string()) });

/** The routes of the API's template, with everything they refer to. */
export function gatewayRoutesOf({ resources }: Assembly, account: Account): readonly GatewayRoute[] {
  const ofType = <T>(type: string, shape: z.ZodType<T>): ReadonlyMap<string, T> =>
    new Map(
      resources
        .filter((resource) => resource.type === `AWS::ApiGatewayV2::${type}`)
        .map(({ stack, id, properties }) => [id, shape.parse(account.resolve(stack, properties))]),
    );
  const integrations = ofType('Integration', integration);
  const authorizers = ofType('Authorizer', authorizer);
  return [...ofType('Route', route).values()].map((one) => {
    const target = integrations.get(one.Target.replace('integrations/', ''));
    if (target === undefined) throw new Error(`${one.RouteKey} leads to ${one.Target}, which is not there`);
    return {
      key: one.RouteKey,
      functionId: target.IntegrationUri.split(':').at(-1) ?? '',
      identityHeaders:
        one.AuthorizationType === 'NONE'
          ? undefined
          : (authorizers.get(one.AuthorizerId ?? '')?.IdentitySource ?? []).map((source) =>
              source.replace('$request.header.', '').toLowerCase(),
            ),
    };
  });
}

/**
 * The route API Gateway takes: a full match, else one with a greedy end, else `$default`; of full matches the one with
 * most segments written out.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function routeOf(routes: readonly GatewayRoute[], method: string, path: string): GatewayRoute {
  const segments = path.split('/');
  const rank = ({ key }: GatewayRoute): number => {
    if (key === '$default') return 0;
    const [verb, pattern = ''] = key.split(' ');
    if (verb !== 'ANY' && verb !== method) return -1;
    const parts = pattern.split('/');
    const greedy = parts.at(-1)?.endsWith('+}') === true;
    const fixed = greedy ? parts.slice(0, -1) : parts;
    if (greedy ? segments.length < parts.length : segments.length !== parts.length) return -1;
    const fits = fixed.every((part, i) => part.startsWith('{') || part === segments[i]);
    if (!fits) return -1;
    return (greedy ? 1 : 1000) + fixed.filter((part) => !part.startsWith('{')).length;
  };
  const [best] = routes.filter((one) => rank(one) >= 0).sort((a, b) => rank(b) - rank(a));
  if (best === undefined) throw new Error(`no route takes ${method} ${path}`);
  return best;
}

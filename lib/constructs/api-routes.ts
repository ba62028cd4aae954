import {
  type HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  type HttpRouteIntegration,
  HttpRouteKey,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { GatewayRoutes, RouteKey } from '../../lambdas/api/gateway-routes.ts';

export interface ApiRoutesProps {
  readonly api: HttpApi;
  readonly routes: GatewayRoutes;
  readonly integration: HttpRouteIntegration;
  /** Who calls. */
  readonly authorizer: IHttpRouteAuthorizer;
  /** Calls that no route names, and preflights, come here too. @default they go elsewhere */
  readonly takesTheRest?: 'yes';
  /** Of routes that are open to everybody. @default none */
  readonly openAuthorizer?: IHttpRouteAuthorizer;
}

/**
 * Everything goes to one function: by default behind the authorizer, public routes and preflights beside it. Browsers
 * send preflights without Authorization, and a `$default` route takes OPTIONS too unless it is routed by itself.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export class ApiRoutes extends Construct {
  constructor(scope: Construct, id: string, props: ApiRoutesProps) {
    super(scope, id);
    const { api: httpApi, integration, authorizer, routes } = props;
    const open = props.openAuthorizer ?? new HttpNoneAuthorizer();
    const add = (key: RouteKey, routeAuthorizer: IHttpRouteAuthorizer) =>
      new HttpRoute(this, key.replaceAll('/', '|'), {
        httpApi,
        routeKey: routeKeyOf(key),
        integration,
        authorizer: routeAuthorizer,
      });
    if (props.takesTheRest === 'yes') {
      new HttpRoute(this, 'Default', { httpApi, routeKey: HttpRouteKey.DEFAULT, integration, authorizer });
      for (const key of ['OPTIONS /', 'OPTIONS /{proxy+}'] as const) add(key, open);
    }
    for (const key of routes.open) add(key, open);
    for (const key of routes.guarded) add(key, authorizer);
  }
}

function routeKeyOf(key: RouteKey): HttpRouteKey {
  const [verb = '', path = ''] = key.split(' ');
  const method = Object.values(HttpMethod).find((one) => one === verb);
  return HttpRouteKey.with(path, method ?? HttpMethod.ANY);
}

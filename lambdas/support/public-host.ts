import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Header in which CloudFront's function says under which name it was called; it always sets it. */
export const PUBLIC_HOST_HEADER = 'x-swath-host';

/**
 * The event as if API Gateway had been called under the public name, so that links lead back through CloudFront.
 * The stacks cannot say the name: the distribution's is known when the function behind it has long been made. Who calls
 * API Gateway directly can claim any name; it gets links to it, and nobody else does.
 */
export function atPublicHost(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const host = event.headers[PUBLIC_HOST_HEADER];
  if (host === undefined || !/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(host)) return event;
  return { ...event, requestContext: { ...event.requestContext, domainName: host } };
}

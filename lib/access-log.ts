import type { Stack } from 'aws-cdk-lib';

/**
 * One line of JSON for each call, with API Gateway's own words for what it refused. No query and no header: they hold
 * cursors, areas and tokens.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const fields = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  project: '$context.authorizer.project',
  refusal: '$context.authorizer.refusal',
} as const;

export const accessLogFormat = (stack: Stack): string => stack.toJsonString(fields);

import { type Identity, roles } from '@swath/api';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';

/** What the Lambda authorizer leaves in the event: the project and the roles it found in the token. */
const authorized = z.object({
  authorizer: z.object({
    lambda: z.object({
      project: z.string().min(1).max(128),
      /** Separated by commas: an authorizer's context holds plain values only. */
      roles: z.string().transform((text) => roles.filter((role) => text.split(',').includes(role))),
    }),
  }),
});

/** Nobody without an authorizer's word. */
export function identityOf(event: APIGatewayProxyEventV2): Identity | undefined {
  return authorized.safeParse(event.requestContext).data?.authorizer.lambda;
}

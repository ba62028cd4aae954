import { isRefusalReason, type RefusalReason } from '@swath/api/auth/refusal';
import { type Identity, roles } from '@swath/api/deps';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';

/** How an authorizer's context arrives in the events of the routes behind it. */
const authorized = z.object({
  authorizer: z.object({
    lambda: z.object({
      project: z.string().min(1).max(128),
      user: z.string().min(1).max(256).exactOptional(),
      /** Separated by commas: an authorizer's context holds plain values only. */
      roles: z.string().transform((text) => roles.filter((role) => text.split(',').includes(role))),
      /** Unix seconds: API Gateway keeps an authorizer's answer for minutes, tokens end in between. */
      expiresS: z.string().regex(/^\d+$/).transform(Number).exactOptional(),
    }),
  }),
});

const refused = z.object({
  authorizer: z.object({ lambda: z.object({ refusal: z.string().refine(isRefusalReason) }) }),
});

export type Caller =
  | { readonly identity: Identity }
  | { readonly refusal: RefusalReason }
  | { readonly nobody: true };

/** Who calls, by the authorizer's word and nothing else. */
export function callerOf(event: APIGatewayProxyEventV2, nowMs: number): Caller {
  const found = authorized.safeParse(event.requestContext).data?.authorizer.lambda;
  if (found !== undefined) {
    const { expiresS, ...identity } = found;
    return expiresS !== undefined && nowMs >= expiresS * 1000 ? { refusal: 'expired' } : { identity };
  }
  const refusal = refused.safeParse(event.requestContext).data?.authorizer.lambda.refusal;
  return refusal === undefined ? { nobody: true } : { refusal };
}

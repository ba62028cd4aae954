import { createHash, timingSafeEqual } from 'node:crypto';
import {
  KEYS_DEADLINE_MS,
  KEYS_LIMIT_BYTES,
  KEYS_TIMEOUT_MS,
  type RefusalReason,
  tokenVerifier,
  type VerifyToken,
} from '@swath/api/auth/index';
import { jsonLogger, type Logger } from '@swath/core';
import type { Clock } from '@swath/ports';
import { systemClock } from '@swath/ports/memory/clock';
import { jsonClient } from '@swath/providers/http/client';
import type { APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import * as z from 'zod';
import { parseEnvironment } from '../support/environment.ts';
import { ORIGIN_SECRET_LIFE_MS } from '../support/limits.ts';
import { contract } from './contract.ts';

/**
 * A request authorizer's event, payload 2.0, reduced to what an answer may depend on. API Gateway keeps answers by the
 * identity sources, and by nothing else: an answer that looked at another header would be given to strangers.
 */
const authorizerEvent = z.looseObject({
  version: z.literal('2.0'),
  identitySource: z.array(z.string()),
});

export interface AuthorizerDeps {
  readonly verify: VerifyToken;
  /** The secret that comes first among the identity sources, where there is one. */
  readonly originSecret?: () => Promise<string>;
  readonly log: Logger;
}

type Context = Readonly<Record<string, string>>;
type Answer = APIGatewaySimpleAuthorizerWithContextResult<Context>;

const denied: Answer = { isAuthorized: false, context: {} };

/**
 * Who calls, as `{project, user, roles, expiresS}`, for callerOf (lambdas/support/identity.ts).
 *
 * A token that is not taken still passes, as `{refusal}`: without a project nothing behind opens, and the API answers
 * 401 or 403 with the reason. Were it denied here, API Gateway would say `{"message":"Forbidden"}` and no more: an HTTP
 * API cannot word its refusals, and openEO clients renew a token on 401 but give up on 403. Denied here is only who
 * comes without CloudFront's secret; nobody honest does.
 *
 * @throws when an issuer's keys or the secret cannot be read: API Gateway answers 500 and keeps nothing.
 */
export const makeHandler =
  ({ verify, originSecret, log }: AuthorizerDeps) =>
  async (event: unknown): Promise<Answer> => {
    const parsed = authorizerEvent.safeParse(event);
    if (!parsed.success) {
      log.error('Authorizer:Parse:Refused', {
        issues: parsed.error.issues.map(({ path }) => path.join('.')),
      });
      return denied;
    }
    const sources = [...parsed.data.identitySource];
    if (originSecret !== undefined && !sameText(sources.shift() ?? '', await originSecret())) {
      log.warn('Authorizer:Origin:Refused');
      return denied;
    }
    const authorization = sources[0];
    // Public routes behind CloudFront's secret alone: nobody in particular.
    if (authorization === undefined) return { isAuthorized: originSecret !== undefined, context: {} };
    return { isAuthorized: true, context: await contextOf(authorization, verify, log) };
  };

async function contextOf(authorization: string, verify: VerifyToken, log: Logger): Promise<Context> {
  const verdict = await verify(authorization);
  if ('refusal' in verdict) {
    const refusal: RefusalReason = verdict.refusal;
    log.info('Authorizer:Token:Refused', { refusal });
    return { refusal };
  }
  const { project, user, roles, expiresS } = verdict.identity;
  return { project, user, roles: roles.join(','), expiresS: String(Math.floor(expiresS)) };
}

/** Compares hashes, so that neither content nor length shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** Reads at most once in `lifeMs`; a failure is not kept. */
export function kept(read: () => Promise<string>, lifeMs: number, clock: Clock): () => Promise<string> {
  let value: { readonly text: string; readonly readMs: number } | undefined;
  return async () => {
    if (value === undefined || clock.now() - value.readMs >= lifeMs) {
      value = { text: await read(), readMs: clock.now() };
    }
    return value.text;
  };
}

function depsFromEnv(): AuthorizerDeps {
  const env = parseEnvironment(contract.environment, process.env);
  const clock = systemClock();
  const readPublic = jsonClient({ maxBytes: KEYS_LIMIT_BYTES, timeoutMs: KEYS_TIMEOUT_MS });
  const secretName = env.SWATH_ORIGIN_SECRET;
  return {
    verify: tokenVerifier({
      issuers: env.SWATH_ISSUERS,
      readJson: async (url) =>
        (await readPublic({ method: 'GET', url, signal: AbortSignal.timeout(KEYS_DEADLINE_MS) })).json,
      clock,
    }),
    ...(secretName === undefined
      ? {}
      : {
          originSecret: kept(
            async () => (await import('@swath/aws/secrets')).accountSecrets().get(secretName),
            ORIGIN_SECRET_LIFE_MS,
            clock,
          ),
        }),
    log: jsonLogger((line) => process.stdout.write(line), clock.now),
  };
}

let made: ReturnType<typeof makeHandler> | undefined;

/** Made at the first call, so that a wrong environment fails that call with its name. */
export const handler = async (event: unknown): Promise<Answer> => {
  made ??= makeHandler(depsFromEnv());
  return made(event);
};

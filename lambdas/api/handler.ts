import { AsyncLocalStorage } from 'node:async_hooks';
import { type Identity, makeApp, requestUseCases, roles } from '@swath/api';
import { makeCatalogue } from '@swath/catalog';
import { acquireScenes, sourceOpener } from '@swath/products';
import { imageOpener } from '@swath/raster';
import { mayReadResults, type PlanDeps, type RequestDeps } from '@swath/requests';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import * as z from 'zod';
import { parseEnvironment } from '../support/environment.ts';
import { lazily } from '../support/from-env.ts';
import { API_TIMEOUT_S, contract } from './contract.ts';

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
function identityOf(event: APIGatewayProxyEventV2): Identity | undefined {
  return authorized.safeParse(event.requestContext).data?.authorizer.lambda;
}

/** The pace of event streams: they end a little before API Gateway would cut them, and clients open them again. */
const stream = { pollMs: 1000, heartbeatMs: 10_000, lifeMs: (API_TIMEOUT_S - 4) * 1000 };

export const makeHandler = (deps: RequestDeps, publicUrl?: string) => {
  const caller = new AsyncLocalStorage<Identity | undefined>();
  const app = makeApp({
    requests: requestUseCases(withFacts(deps)),
    results: deps.results,
    delivery: 'redirect',
    mayRead: (project, key) => mayReadResults(deps, project, key),
    providers: deps.providers,
    defaultProvider: deps.defaultProvider,
    catalogue: makeCatalogue({ ...deps, objects: deps.results }),
    identify: async () => caller.getStore(),
    // Callers prove who they are by a header that no browser adds by itself.
    origins: '*',
    clock: deps.clock,
    random: deps.random,
    log: deps.log,
    stream,
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const serve = handle(app);
  return async (event: APIGatewayProxyEventV2) =>
    await caller.run(identityOf(event), () => serve(event as unknown as LambdaEvent));
};

/** Previews open the headers of public files, as the acquire job would. */
function withFacts(deps: RequestDeps): PlanDeps {
  const open = imageOpener();
  const { open: openSource } = sourceOpener({});
  return {
    ...deps,
    acquireFacts: (spec, scenes, signal) =>
      acquireScenes({
        spec,
        scenes,
        open,
        openSource,
        mode: 'reference',
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

export const handler = lazily((deps) =>
  makeHandler(deps, parseEnvironment(contract.environment, process.env).SWATH_PUBLIC_URL),
);

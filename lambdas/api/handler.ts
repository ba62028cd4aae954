import { aoiUseCases, makeApp, requestUseCases, uploadUseCases } from '@swath/api';
import { makeCatalogue } from '@swath/catalog';
import { mayReadResults, type RequestDeps } from '@swath/requests';
import type { UploadDeps } from '@swath/uploads';
import { parseEnvironment } from '../support/environment.ts';
import { lazily } from '../support/from-env.ts';
import { gatewayCalls } from '../support/gateway-call.ts';
import { lazySceneReader } from '../support/scene-reader.ts';
import { uploadsFromEnv } from '../support/uploads-from-env.ts';
import { API_TIMEOUT_S, contract } from './contract.ts';

/** The pace of event streams: they end a little before API Gateway would cut them, and clients open them again. */
const stream = { pollMs: 1000, heartbeatMs: 10_000, lifeMs: (API_TIMEOUT_S - 4) * 1000 };

/** @param uploads @default nothing can be uploaded */
export const makeHandler = (deps: RequestDeps, publicUrl?: string, uploads?: UploadDeps) => {
  const calls = gatewayCalls(deps.clock);
  const app = makeApp({
    requests: requestUseCases({ ...deps, acquireFacts: lazySceneReader(uploads?.kept).acquireFacts }),
    aois: aoiUseCases(deps),
    ...(uploads === undefined ? {} : { uploads: uploadUseCases(uploads) }),
    ...(deps.ownImagery === undefined ? {} : { ownImagery: deps.ownImagery }),
    results: deps.results,
    delivery: 'redirect',
    mayRead: (project, key) => mayReadResults(deps, project, key),
    providers: deps.providers,
    defaultProvider: deps.defaultProvider,
    catalogue: makeCatalogue({ ...deps, objects: deps.results }),
    identify: calls.identify,
    // Callers prove who they are by a header that no browser adds by itself.
    origins: '*',
    clock: deps.clock,
    random: deps.random,
    log: deps.log,
    stream,
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  return calls.serve(app);
};

export const handler = lazily((deps) =>
  makeHandler(
    deps,
    parseEnvironment(contract.environment, process.env).SWATH_PUBLIC_URL,
    uploadsFromEnv(deps),
  ),
);

import {
  aoiUseCases,
  type DeviceSignIn,
  makeApp,
  mapLinkUseCases,
  type OidcProvider,
  openeoService,
  requestUseCases,
  uploadUseCases,
} from '@swath/api';
import { makeCatalogue } from '@swath/catalog';
import { mayReadResults, type RequestDeps } from '@swath/requests';
import type { UploadDeps } from '@swath/uploads';
import { parseEnvironment } from '../support/environment.ts';
import { lazily } from '../support/from-env.ts';
import { gatewayCalls } from '../support/gateway-call.ts';
import { lazySceneReader } from '../support/scene-reader.ts';
import { tokenEndpoint } from '../support/token-endpoint.ts';
import { uploadsFromEnv } from '../support/uploads-from-env.ts';
import { ANSWER_LIMIT_BYTES, API_TIMEOUT_S, contract } from './contract.ts';

/** The pace of event streams: they end a little before API Gateway would cut them, and clients open them again. */
const stream = { pollMs: 1000, heartbeatMs: 10_000, lifeMs: (API_TIMEOUT_S - 4) * 1000 };

export interface ApiOptions {
  /** Address that users see. @default that of each call */
  readonly publicUrl?: string | undefined;
  /** What openEO's clients sign in with. @default none */
  readonly providers?: readonly OidcProvider[];
  /** @default the issuer has device codes of its own, or none */
  readonly devices?: Pick<DeviceSignIn, 'config' | 'askTokens'>;
  /** @default nothing can be uploaded */
  readonly uploads?: UploadDeps;
}

export const makeHandler = (
  deps: RequestDeps,
  { publicUrl, providers = [], devices, uploads }: ApiOptions = {},
) => {
  const calls = gatewayCalls(deps.clock);
  const scenes = lazySceneReader(uploads?.kept);
  const planDeps = { ...deps, acquireFacts: scenes.acquireFacts };
  const app = makeApp({
    requests: requestUseCases(planDeps),
    openeo: openeoService(planDeps, {
      signIn: { kind: 'oidc', providers },
      compute: {
        processWindow: scenes.processWindow,
        executor: scenes.executor,
        answerBytesMax: ANSWER_LIMIT_BYTES,
      },
    }),
    ...(devices === undefined ? {} : { deviceSignIn: { ...devices, table: deps.table, clock: deps.clock } }),
    aois: aoiUseCases(deps),
    mapLinks: mapLinkUseCases(deps),
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

export const handler = lazily((deps) => {
  const env = parseEnvironment(contract.environment, process.env);
  const config = env.SWATH_DEVICE_SIGN_IN;
  return makeHandler(deps, {
    publicUrl: env.SWATH_PUBLIC_URL,
    providers: env.SWATH_OIDC_PROVIDERS,
    ...(config === undefined ? {} : { devices: { config, askTokens: tokenEndpoint(config.tokenEndpoint) } }),
    uploads: uploadsFromEnv(deps),
  });
});

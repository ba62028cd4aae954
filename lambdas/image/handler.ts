import type { ApiDeps } from '@swath/api';
import { pictureService } from '@swath/api/pictures/service';
import { routedApp } from '@swath/api/routed-app';
import { pictureRoutes } from '@swath/api/routes/pictures';
import { awsResultPorts, s3Buckets } from '@swath/aws';
import { getItem } from '@swath/catalog/store/items';
import { jsonLogger, SwathError } from '@swath/core';
import type { Objects } from '@swath/ports';
import { cryptoRandom, systemClock } from '@swath/ports/memory/index';
import { readItems } from '@swath/providers';
import { mayReadResults, openMapLink, type PlanDeps } from '@swath/requests';
import { uploadedImagery } from '@swath/uploads/uploaded-imagery';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parseEnvironment } from '../support/environment.ts';
import { providersOf } from '../support/from-env.ts';
import { gatewayCalls } from '../support/gateway-call.ts';
import { httpsReader } from '../support/read-text.ts';
import { lazySceneReader } from '../support/scene-reader.ts';
import { ANSWER_LIMIT_BYTES, contract, PICTURES_PREFIX } from './contract.ts';

/** What pictures need of the machine. */
export type ImageDeps = Pick<
  PlanDeps,
  | 'table'
  | 'results'
  | 'clock'
  | 'random'
  | 'log'
  | 'providers'
  | 'ownImagery'
  | 'defaultProvider'
  | 'readItems'
> & {
  /** Where files of uploads are kept. @default none are read */
  readonly kept?: Objects;
};

const refuse = async (): Promise<never> => {
  throw new SwathError('Bug', 'the image handler has pictures only');
};

/** Requests, areas and the catalogue are another handler's: no route of this one reaches them. */
const otherHandlers: Pick<ApiDeps, 'requests' | 'aois' | 'catalogue'> = {
  requests: {
    create: refuse,
    plan: refuse,
    get: refuse,
    list: refuse,
    events: refuse,
    cancel: refuse,
    retry: refuse,
    usage: refuse,
  },
  aois: { get: refuse, list: refuse, put: refuse, delete: refuse, inPlace: refuse },
  catalogue: {
    collections: refuse,
    ownCollections: refuse,
    collection: refuse,
    item: refuse,
    search: refuse,
  },
};

export const makeHandler = (deps: ImageDeps, publicUrl?: string) => {
  const calls = gatewayCalls(deps.clock);
  const scenes = lazySceneReader(deps.kept);
  const catalogue = { table: deps.table, objects: deps.results, clock: deps.clock };
  const app = routedApp(
    {
      ...otherHandlers,
      mapLinks: { make: refuse, open: (token) => openMapLink(deps, token) },
      results: deps.results,
      delivery: 'redirect',
      mayRead: (project, key) => mayReadResults(deps, project, key),
      pictures: pictureService({
        results: deps.results,
        ownItem: (project, collection, id) => getItem(catalogue, project, collection, id),
        remote: true,
        live: {
          ...deps,
          acquireFacts: scenes.acquireFacts,
        },
        openScene: scenes.open,
        overflow: { prefix: PICTURES_PREFIX, aboveBytes: ANSWER_LIMIT_BYTES },
      }),
      providers: deps.providers,
      defaultProvider: deps.defaultProvider,
      identify: calls.identify,
      // Callers prove who they are by a header that no browser adds by itself.
      origins: '*',
      clock: deps.clock,
      random: deps.random,
      log: deps.log,
      ...(publicUrl === undefined ? {} : { publicUrl }),
    },
    pictureRoutes,
  );
  return calls.serve(app);
};

function fromEnvironment(): ReturnType<typeof makeHandler> {
  const env = parseEnvironment(contract.environment, process.env);
  const clock = systemClock();
  const readText = httpsReader();
  const ports = awsResultPorts({ tableName: env.SWATH_TABLE, resultsBucket: env.SWATH_RESULTS_BUCKET });
  const catalogue = { table: ports.table, objects: ports.results, clock };
  return makeHandler(
    {
      ...ports,
      kept: s3Buckets().bucket(env.SWATH_RAW_BUCKET),
      ownImagery: (project) => uploadedImagery(catalogue, project),
      clock,
      random: cryptoRandom(),
      providers: providersOf(env),
      defaultProvider: env.SWATH_DEFAULT_PROVIDER,
      readItems: (items, signal) =>
        readItems(items, { readText, ...(signal === undefined ? {} : { signal }) }),
      log: jsonLogger((line) => process.stdout.write(line), clock.now),
    },
    env.SWATH_PUBLIC_URL,
  );
}

let made: ReturnType<typeof makeHandler> | undefined;

/** Made at its first call, so that a wrong environment fails that call with its name, and is tried again. */
export const handler = async (event: APIGatewayProxyEventV2) => {
  made ??= fromEnvironment();
  return await made(event);
};

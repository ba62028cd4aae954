import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { COMPACT_PERIOD_S } from '@swath/analytics';
import {
  aoiUseCases,
  makeApp,
  mapLinkUseCases,
  openeoService,
  pictureService,
  requestUseCases,
  uploadUseCases,
} from '@swath/api';
import { getItem, makeCatalogue, registerResults } from '@swath/catalog';
import { errorJson, jsonLogger, type Logger } from '@swath/core';
import type { Clock } from '@swath/ports';
import { cryptoRandom, systemClock } from '@swath/ports/memory/index';
import { acquireScenes } from '@swath/products';
import { earthSearch, localCatalogue, readItems } from '@swath/providers';
import { windowWorker } from '@swath/raster';
import { mayReadResults, type PlanDeps } from '@swath/requests';
import { sweepUploads, type UploadDeps, uploadedImagery } from '@swath/uploads';
import { imageAccess } from '../../../../batch-jobs/support/image-access.ts';
import { makeHandler as makeAcquire } from '../../../../lambdas/acquire/handler.ts';
import { makeHandler as makeCompact } from '../../../../lambdas/compact/handler.ts';
import { makeHandler as makeDispatch } from '../../../../lambdas/dispatch/handler.ts';
import { makeHandler as makeOrder } from '../../../../lambdas/order/handler.ts';
import { makeHandler as makePublish } from '../../../../lambdas/publish/handler.ts';
import { makeHandler as makeReconcile } from '../../../../lambdas/reconcile/handler.ts';
import { makeHandler as makeRecord } from '../../../../lambdas/record/handler.ts';
import { httpsReader } from '../../../../lambdas/support/read-text.ts';
import { makeHandler as makeTrack } from '../../../../lambdas/track/handler.ts';
import { makeHandler as makeUploads } from '../../../../lambdas/uploads/handler.ts';
import { type Gate, type LocalAuth, openeoSignIn, openGate, SIGN_IN_PATH } from '../dev-issuer/index.ts';
import { localJobs } from '../jobs/index.ts';
import { ensureSampleCatalogue } from '../sample/catalogue.ts';
import { openLocalStores } from '../stores.ts';
import { tableFolder } from '../table-folder.ts';
import { every } from './every.ts';
import { fileRoutes } from './files.ts';
import { jobCommands } from './job-commands.ts';
import { housekeepEveryMs, jobsAtOnce, sweepEveryMs } from './limits.ts';
import { lockFolder } from './lock.ts';
import { noticedQueue, type Pump, startPump } from './pump.ts';
import { type HttpServer, listen } from './server.ts';

export interface LocalOptions {
  /** Everything is kept here. */
  readonly dataFolder: string;
  /** Of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder of STAC Items instead of the sample. */
  readonly catalogue?: string;
  /** Who may call. @default machine */
  readonly auth?: LocalAuth;
  /** Web origins, besides its own, whose pages may call it. @default none */
  readonly origins?: readonly string[];
  readonly onSampleProgress?: (done: number, total: number) => void;
}

export interface LocalRuntime {
  readonly url: string;
  /** With `auth: 'token'`: one for each role, in the local project. */
  readonly tokens?: NonNullable<Gate['tokens']>;
  stop(): Promise<void>;
}

const queueNames = ['order', 'imagery', 'dispatch', 'publish', 'record', 'uploads'] as const;
type QueueName = (typeof queueNames)[number];

/**
 * Starts everything on one machine: what event source mappings, EventBridge rules and schedules do in AWS is done here,
 * with the same handlers and the same events.
 *
 * @throws SwathError Conflict when the folder or the port is in use.
 */
export async function startLocal(options: LocalOptions): Promise<LocalRuntime> {
  const folder = resolve(options.dataFolder);
  const lock = lockFolder(folder);
  try {
    return await start(options, folder, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function start(options: LocalOptions, folder: string, unlock: () => void): Promise<LocalRuntime> {
  const clock = systemClock();
  const log = fileLogger(join(folder, 'swath.log'), clock.now);
  const sample = join(folder, 'sample');
  if (options.catalogue === undefined) await ensureSampleCatalogue(sample, options.onSampleProgress);
  const catalogueFolder = resolve(options.catalogue ?? sample);
  // What a killed process left behind: nothing in here outlives its job.
  const scratch = join(folder, 'scratch');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });

  // It listens first, because links need its address; until everything runs it answers that it does not.
  let answer: Serve = () => new Response(null, { status: 503 });
  const server = await listen((request) => answer(request), options.port);
  try {
    const serve = (ready: Serve) => {
      answer = ready;
    };
    const auth = options.auth ?? 'machine';
    const origins = options.origins ?? [];
    return await wire({ auth, origins, clock, log, folder, scratch, catalogueFolder, server, serve, unlock });
  } catch (error) {
    await server.close();
    throw error;
  }
}

type Serve = (request: Request) => Response | Promise<Response>;

interface Wiring {
  readonly auth: LocalAuth;
  readonly origins: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly folder: string;
  readonly scratch: string;
  readonly catalogueFolder: string;
  readonly server: HttpServer;
  /** From now on requests are answered so. */
  readonly serve: (ready: Serve) => void;
  readonly unlock: () => void;
}

async function wire(wiring: Wiring): Promise<LocalRuntime> {
  const { auth, origins, clock, log, folder, scratch, catalogueFolder, server, serve, unlock } = wiring;
  const stores = openLocalStores({ folder, clock, baseUrl: server.url });
  // The folder is locked: whoever had these in hand is gone.
  stores.queues.takeBack();
  const pumps = new Map<QueueName, Pump>();
  const queue = (name: QueueName) => noticedQueue(stores.queues.queue(name), () => pumps.get(name)?.wake());
  const work = stores.objects.bucket('work');
  const results = stores.objects.bucket('results');
  const raw = stores.objects.bucket('raw');
  const readFolders = [catalogueFolder];
  const images = imageAccess({ readFolders, readHosts: [] }, { work, raw, results }, scratch);
  const readText = httpsReader();
  const windows = windowWorker(images.locate);

  const jobs = localJobs({
    database: join(folder, 'jobs.sqlite'),
    command: jobCommands({ folder, scratch, readFolders }),
    maxParallel: jobsAtOnce,
    clock,
    log,
    logFolder: join(folder, 'logs'),
    onEvent: async (event) => {
      await track({
        source: 'aws.batch',
        'detail-type': 'Batch Job State Change',
        detail: event,
      });
    },
  });
  const providers = [
    localCatalogue({ id: 'local', folder: catalogueFolder, title: 'This machine' }),
    earthSearch(),
  ];
  const catalogueStore = { table: stores.table, objects: results, clock };
  const deps: PlanDeps = {
    table: stores.table,
    work,
    results,
    queues: {
      order: queue('order'),
      imagery: queue('imagery'),
      dispatch: queue('dispatch'),
      publish: queue('publish'),
      record: queue('record'),
    },
    jobs,
    bus: stores.bus,
    clock,
    random: cryptoRandom(),
    providers: new Map(providers.map((provider) => [provider.id, provider])),
    ownImagery: (project) => uploadedImagery(catalogueStore, project),
    defaultProvider: 'local',
    readItems: (items, signal) => readItems(items, { readText, ...(signal === undefined ? {} : { signal }) }),
    acquireFacts: (spec, scenes, signal) =>
      acquireScenes({
        spec,
        scenes,
        open: images.open,
        openSource: images.openSource,
        mode: 'reference',
        ...(signal === undefined ? {} : { signal }),
      }),
    registerResults: (published) => registerResults(catalogueStore, published),
    log,
  };
  const uploads: UploadDeps = {
    table: stores.table,
    quarantine: work,
    partUploads: stores.partUploads('work'),
    kept: raw,
    results,
    queue: queue('uploads'),
    clock,
    random: deps.random,
    log,
  };
  const analytics = tableFolder(join(folder, 'analytics'));
  const compactTables = makeCompact({ analytics, clock, log });
  const track = makeTrack(deps);
  const reconcile = makeReconcile(deps);
  const handlers = {
    order: makeOrder(deps),
    imagery: makeAcquire(deps),
    dispatch: makeDispatch(deps),
    publish: makePublish(deps),
    record: makeRecord({ ...deps, analytics }),
    uploads: makeUploads(uploads),
  };

  const gate = await openGate({ auth, folder, url: server.url, clock });
  const app = makeApp({
    requests: requestUseCases(deps),
    aois: aoiUseCases(deps),
    mapLinks: mapLinkUseCases(deps),
    uploads: uploadUseCases(uploads),
    ownImagery: (project) => uploadedImagery(catalogueStore, project),
    results,
    delivery: 'stream',
    mayRead: (project, key) => mayReadResults(deps, project, key),
    pictures: pictureService({
      results,
      ownItem: (project, collection, id) => getItem(catalogueStore, project, collection, id),
      remote: false,
      live: deps,
      openScene: images.open,
    }),
    openeo: openeoService(deps, {
      signIn: openeoSignIn(gate),
      compute: { processWindow: windows.process, executor: windows.executor },
    }),
    providers: deps.providers,
    defaultProvider: deps.defaultProvider,
    catalogue: makeCatalogue({ ...deps, objects: results }),
    identify: gate.identify,
    ...(gate.signIn === undefined ? {} : { deviceSignIn: { ...gate.signIn, table: stores.table, clock } }),
    origins,
    hosts: ['127.0.0.1', 'localhost', '[::1]', '::1'],
    clock,
    random: deps.random,
    log,
  });
  const files = fileRoutes(stores);
  serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/files/')) return files.fetch(request);
    if (pathname === SIGN_IN_PATH && gate.signIn !== undefined) return gate.signIn.page(request);
    const document = request.method === 'GET' ? gate.documents.get(pathname) : undefined;
    return document === undefined ? app.fetch(request) : Response.json(document);
  });

  await jobs.start();
  for (const name of queueNames) {
    pumps.set(name, startPump({ name, queue: stores.queues.queue(name), handler: handlers[name], log }));
  }
  const guarded = (key: string, run: () => Promise<unknown>) => async () => {
    await run().catch((error: unknown) => log.error(key, errorJson(error)));
  };
  const timers = [
    every(
      sweepEveryMs,
      guarded('Reconcile:Run:Failed', () => reconcile({ source: 'aws.scheduler' })),
    ),
    every(
      sweepEveryMs,
      guarded('Uploads:Sweep:Failed', () => sweepUploads(uploads)),
    ),
    every(
      housekeepEveryMs,
      guarded('Store:Sweep:Failed', async () => {
        stores.table.sweepExpired(Math.floor(clock.now() / 1000));
        await stores.objects.sweep(clock.now());
      }),
    ),
    every(
      COMPACT_PERIOD_S * 1000,
      guarded('Tables:Compact:Failed', () => compactTables({ source: 'aws.scheduler' })),
    ),
  ];
  log.info('Runtime:Start:Done', { url: server.url });

  return {
    url: server.url,
    ...(gate.tokens === undefined ? {} : { tokens: gate.tokens }),
    stop: async () => {
      await stopAll(server, pumps, timers);
      await jobs.stop();
      await windows.close();
      await images.close();
      stores.close();
      unlock();
    },
  };
}

async function stopAll(
  server: HttpServer,
  pumps: ReadonlyMap<string, Pump>,
  timers: readonly { stop(): Promise<void> }[],
): Promise<void> {
  await server.close();
  await Promise.all([
    ...timers.map((timer) => timer.stop()),
    ...[...pumps.values()].map((pump) => pump.stop()),
  ]);
}

/** JSON lines in a file: the terminal is for people. */
function fileLogger(path: string, now: () => number): Logger {
  return jsonLogger((line) => appendFileSync(path, line), now);
}

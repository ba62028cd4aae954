import { awsPorts } from '@swath/aws';
import { registerResults } from '@swath/catalog';
import { jsonLogger } from '@swath/core';
import type { Provider } from '@swath/ports';
import { cryptoRandom, systemClock } from '@swath/ports/memory/index';
import { earthSearch, readItems, stacApiProvider } from '@swath/providers';
import type { RequestDeps } from '@swath/requests';
import { uploadedImagery } from '@swath/uploads/uploaded-imagery';
import { parseEnvironment, type RequestEnvironment, requestEnvironment } from './environment.ts';
import { httpsReader } from './read-text.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The machine over AWS, as the environment names it. Makes no call. @throws InvalidInput naming what is missing. */
export function fromEnv(variables: Variables = process.env): RequestDeps {
  const deps = machine(variables);
  const catalogue = { table: deps.table, objects: deps.results, clock: deps.clock };
  return {
    ...deps,
    registerResults: (published) => registerResults(catalogue, published),
    ownImagery: (project) => uploadedImagery(catalogue, project),
  };
}

function machine(variables: Variables): RequestDeps {
  const env = parseEnvironment(requestEnvironment, variables);
  const clock = systemClock();
  const readText = httpsReader();
  return {
    ...awsPorts({
      tableName: env.SWATH_TABLE,
      workBucket: env.SWATH_WORK_BUCKET,
      resultsBucket: env.SWATH_RESULTS_BUCKET,
      queues: {
        order: { url: env.SWATH_ORDER_QUEUE_URL, deadLetterUrl: env.SWATH_ORDER_DEAD_LETTER_URL },
        imagery: { url: env.SWATH_IMAGERY_QUEUE_URL, deadLetterUrl: env.SWATH_IMAGERY_DEAD_LETTER_URL },
        dispatch: { url: env.SWATH_DISPATCH_QUEUE_URL, deadLetterUrl: env.SWATH_DISPATCH_DEAD_LETTER_URL },
        publish: { url: env.SWATH_PUBLISH_QUEUE_URL, deadLetterUrl: env.SWATH_PUBLISH_DEAD_LETTER_URL },
        record: { url: env.SWATH_RECORD_QUEUE_URL, deadLetterUrl: env.SWATH_RECORD_DEAD_LETTER_URL },
      },
      jobQueue: {
        acquire: env.SWATH_ACQUIRE_JOB_QUEUE,
        process: env.SWATH_PROCESS_JOB_QUEUE,
        publish: env.SWATH_PUBLISH_JOB_QUEUE,
      },
      jobDefinitions: {
        acquire: env.SWATH_ACQUIRE_JOB,
        process: env.SWATH_PROCESS_JOB,
        publish: env.SWATH_PUBLISH_JOB,
      },
      busName: env.SWATH_BUS,
    }),
    clock,
    random: cryptoRandom(),
    providers: providersOf(env),
    defaultProvider: env.SWATH_DEFAULT_PROVIDER,
    readItems: (items, signal) => readItems(items, { readText, ...(signal === undefined ? {} : { signal }) }),
    log: jsonLogger((line) => process.stdout.write(line), clock.now),
  };
}

/** Earth Search, and the catalogues the environment names. */
export function providersOf(env: Pick<RequestEnvironment, 'SWATH_STAC_APIS'>): ReadonlyMap<string, Provider> {
  const all = [earthSearch(), ...env.SWATH_STAC_APIS.map((api) => stacApiProvider(api))];
  return new Map(all.map((provider) => [provider.id, provider]));
}

/** Makes the handler at its first call, so that a wrong environment fails that call with its name, and is tried again. */
export function lazily<E, A>(
  make: (deps: RequestDeps) => (event: E) => Promise<A>,
  build: () => RequestDeps = fromEnv,
): (event: E) => Promise<A> {
  let handler: ((event: E) => Promise<A>) | undefined;
  return async (event) => {
    handler ??= make(build());
    return handler(event);
  };
}

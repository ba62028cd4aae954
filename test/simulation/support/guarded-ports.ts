import type { Jobs, Objects, Provider, Queue } from '@swath/ports';
import type { RequestDeps } from '@swath/requests';

type Around = <T>(call: () => Promise<T>) => Promise<T>;

/** The same ports, every call of which goes through `around`. */
export function guarded(deps: RequestDeps, around: Around): RequestDeps {
  const { table, bus } = deps;
  return {
    ...deps,
    table: {
      get: (key) => around(() => table.get(key)),
      query: (query) => around(() => table.query(query)),
      transact: (writes) => around(() => table.transact(writes)),
    },
    work: guardedObjects(deps.work, around),
    results: guardedObjects(deps.results, around),
    queues: {
      order: guardedQueue(deps.queues.order, around),
      imagery: guardedQueue(deps.queues.imagery, around),
      dispatch: guardedQueue(deps.queues.dispatch, around),
      publish: guardedQueue(deps.queues.publish, around),
      record: guardedQueue(deps.queues.record, around),
    },
    jobs: guardedJobs(deps.jobs, around),
    bus: { publish: (events) => around(() => bus.publish(events)) },
    providers: new Map([...deps.providers].map(([id, one]) => [id, guardedProvider(one, around)])),
  };
}

export function guardedObjects(objects: Objects, around: Around): Objects {
  return {
    ...objects,
    get: (key, options) => around(() => objects.get(key, options)),
    head: (key) => around(() => objects.head(key)),
    put: (key, body, options) => around(() => objects.put(key, body, options)),
    list: (prefix, options) => around(() => objects.list(prefix, options)),
  };
}

function guardedQueue(queue: Queue, around: Around): Queue {
  return { ...queue, send: (body, options) => around(() => queue.send(body, options)) };
}

function guardedJobs(jobs: Jobs, around: Around): Jobs {
  return {
    submit: (job) => around(() => jobs.submit(job)),
    describe: (ids) => around(() => jobs.describe(ids)),
    findByName: (name) => around(() => jobs.findByName(name)),
    children: (id) => around(() => jobs.children(id)),
    cancel: (id, reason) => around(() => jobs.cancel(id, reason)),
  };
}

function guardedProvider(provider: Provider, around: Around): Provider {
  return {
    ...provider,
    search: (query) => around(() => provider.search(query)),
    collections: (signal) => around(() => provider.collections(signal)),
  };
}

import { recordRequest } from '@swath/analytics';
import type { JobEvent, Jobs, Objects, Random, Table } from '@swath/ports';
import { fixedClock, memoryObjects, seededRandom } from '@swath/ports/memory/index';
import {
  cancelRequest,
  createRequest,
  type RequestDeps,
  type RequestMessage,
  type RequestRecord,
  reconcile,
  recordEnded,
  retryRequest,
  SWEEP_PERIOD_MS,
  track,
} from '@swath/requests';
import {
  type Behaviour,
  fileBytesFor,
  handlers,
  queueNames,
  type Run,
  testSpec,
  testWorld,
} from '@swath/requests/testing/index';
import { guarded, guardedObjects } from './guarded-ports.ts';
import { type FaultRates, processes } from './processes.ts';
import { relayActor } from './relay-actor.ts';
import { tableStream } from './table-stream.ts';
import { type Violation, watchHeads } from './watch-heads.ts';

/** A deliberately broken build: the simulation has to notice. */
export interface Variant {
  readonly table?: (table: Table) => Table;
  readonly jobs?: (jobs: Jobs) => Jobs;
  readonly sweep?: 'never';
  /** Tries of a record of the table's stream, after the first. */
  readonly streamRetries?: number;
}

const chaosSteps = 280;

/** Four hours of sweeps after the faults: three attempts with their silences, waits of 30 min, an outbox hour. */
const healRounds = 48;

const projects = ['p1', 'p2'] as const;
/** The keys of a project name one of these each; the two projects share them, so that equal requests meet. */
const bodies = (['none', 'max', 'mean', 'median'] as const).map((composite) => testSpec({ composite }));

export interface Acknowledged {
  readonly project: string;
  readonly id: string;
  readonly key: string;
}

/** One seed: chaos, healing, and what is left. The same seed gives the same run. */
export async function simulate(seed: number, variant: Variant = {}) {
  const random = seededRandom(seed, fixedClock(0));
  const rates = drawRates(random);
  const behave = drawBehaviour(random);
  const sizes = Object.values(fileBytesFor);
  const fileBytes = sizes[seed % sizes.length] ?? fileBytesFor.oneChunk;
  const violations: Violation[] = [];
  const analytics = memoryObjects();
  /** The newest record of each request. */
  const recorded = new Map<string, RequestRecord>();
  /** As the record handler does. */
  const record = (deps: RequestDeps, tables: Objects, message: RequestMessage): Promise<void> =>
    recordEnded(deps, message, [
      async (ended) => {
        if (writesTables(seed)) await recordRequest({ analytics: tables, results: deps.results }, ended);
        const before = recorded.get(ended.request.id);
        if ((before?.version ?? 0) < ended.version) recorded.set(ended.request.id, ended);
      },
    ]);
  const stream = tableStream({
    random,
    poison: rates.poison,
    ...(variant.streamRetries === undefined ? {} : { retries: variant.streamRetries }),
  });
  const world = testWorld({
    seed,
    behave,
    fileBytes,
    record: (deps, message) => record(deps, analytics, message),
    wrap: {
      table: (table) =>
        watchHeads(variant.table?.(stream.tap(table)) ?? stream.tap(table), table, violations),
      ...(variant.jobs === undefined ? {} : { jobs: variant.jobs }),
    },
  });
  const runs = processes(random, rates);
  const acknowledged: Acknowledged[] = [];
  let eventsSeen = 0;
  const events: JobEvent[] = [];
  const chance = (p: number) => random.fraction() < p;
  const pick = <T>(values: readonly T[]): T | undefined =>
    values[Math.floor(random.fraction() * values.length)];

  const run = (
    useCase: (deps: RequestDeps, analytics: Objects, pause: () => Promise<void>) => Promise<unknown>,
    ended: (error: unknown) => void = () => {},
  ) =>
    runs.start(
      async (around) =>
        void (await useCase(
          guarded(world.deps, around),
          guardedObjects(analytics, around),
          // Others act while it waits.
          () => around(async () => {}),
        )),
      ended,
    );
  const relay = relayActor({
    stream,
    random,
    rates,
    run: (useCase, ended) => run((deps, _analytics, pause) => useCase(deps, pause), ended),
  });

  /** Both projects ask for the same at about the same time, as teams do. */
  async function clients(): Promise<void> {
    const key = `k${Math.floor(random.fraction() * 5)}`;
    for (const project of projects) if (chance(0.7)) await ask(project, key);
  }

  async function ask(project: string, key: string): Promise<void> {
    const body = bodies[Number(key.slice(1)) % bodies.length];
    await run(async (deps) => {
      const { request } = await createRequest(deps, { project, body, idempotencyKey: key });
      acknowledged.push({ project, id: request.id, key });
    });
  }

  async function deliverMessage(): Promise<void> {
    const depths = await Promise.all(queueNames.map((one) => world.queues[one].depth()));
    const name = pick(queueNames.filter((_, i) => (depths[i]?.visible ?? 0) > 0));
    if (name === undefined) return;
    const queue = world.queues[name];
    const [message] = await queue.receive({ max: 1, visibilityS: 60 });
    if (message === undefined) return;
    if (chance(rates.lose)) return queue.ack(message.receipt);
    const repeated = chance(rates.repeat);
    await run(
      (deps, tables) =>
        name === 'record'
          ? record(deps, tables, JSON.parse(message.body))
          : handlers[name](deps, JSON.parse(message.body)),
      (error) => {
        if (error === undefined && !repeated) void queue.ack(message.receipt);
      },
    );
  }

  async function deliverEvent(): Promise<void> {
    for (; eventsSeen < world.jobs.events.length; eventsSeen++) {
      const event = world.jobs.events[eventsSeen];
      if (event !== undefined && !chance(rates.lose)) events.push(event);
    }
    const at = Math.floor(random.fraction() * events.length);
    const event = events[at];
    if (event === undefined) return;
    if (!chance(rates.repeat)) events.splice(at, 1);
    await run((deps) => track(deps, event));
  }

  async function user(): Promise<void> {
    const request = pick(acknowledged);
    if (request === undefined) return;
    const { project, id } = request;
    const act = chance(0.5) ? cancelRequest : retryRequest;
    await run((deps) => act(deps, project, id));
  }

  async function sweep(): Promise<void> {
    world.clock.advance(SWEEP_PERIOD_MS);
    if (variant.sweep !== 'never') await run((deps) => reconcile(deps));
  }

  const actions: readonly (readonly [weight: number, act: Action])[] = [
    [2, clients],
    [8, deliverMessage],
    [8, () => world.jobs.runNext()],
    [6, deliverEvent],
    [rates.users, user],
    [rates.relay, relay.act],
    [2, sweep],
    [16, () => runs.resume()],
  ];
  for (let step = 0; step < chaosSteps; step++) await weighted(random, actions)();

  runs.heal();
  let rounds = 0;
  for (; rounds < healRounds && (rounds < 3 || isBusy(world.table)); rounds++) {
    while (await runs.resume());
    // A seed whose relay never ran is the outage that outlasts the stream.
    if (rates.relay === 0) stream.forget();
    else if (!(await relay.finish())) violations.push('the stream does not get past a record');
    await world.drain();
    world.clock.advance(SWEEP_PERIOD_MS);
    if (variant.sweep !== 'never') await reconcile(world.deps);
    await world.drain();
  }
  return {
    world,
    analytics: writesTables(seed) ? analytics : undefined,
    recorded,
    acknowledged,
    violations,
    rounds,
    relayed: relay.performed(),
    givenUp: stream.givenUp().length,
  };
}

/** Parquet costs as much time as all the rest of a seed: every fourth one writes it. */
export const writesTables = (seed: number): boolean => seed % 4 === 0;

type Action = () => Promise<unknown>;

function weighted(random: Random, actions: readonly (readonly [weight: number, act: Action])[]): Action {
  let at = random.fraction() * actions.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, act] of actions) {
    at -= weight;
    if (at < 0) return act;
  }
  return async () => {};
}

export type Simulated = Awaited<ReturnType<typeof simulate>>;

/** Something is still due: a request that is open, an outbox row that backs off. */
const isBusy = (table: ReturnType<typeof testWorld>['table']): boolean =>
  table.rows().some((row) => row.duePk !== undefined);

interface Rates extends FaultRates {
  /** Of messages and events, each. */
  readonly lose: number;
  readonly repeat: number;
  /** Weight of users who cancel and retry. */
  readonly users: number;
  /** Weight of the relay; 0 when it is down for longer than the stream lasts. */
  readonly relay: number;
  /** Records of the stream that nobody can read. */
  readonly poison: number;
}

/** Each kind of fault is off in about half of the seeds. */
function drawRates(random: Random): Rates {
  const rate = (most: number) => (random.fraction() < 0.5 ? 0 : random.fraction() * most);
  return {
    errorBefore: rate(0.15),
    errorAfter: rate(0.15),
    killBefore: rate(0.06),
    killAfter: rate(0.06),
    stall: rate(0.9),
    lose: rate(0.5),
    repeat: rate(0.5),
    users: rate(2),
    relay: rate(8),
    poison: rate(0.2),
  };
}

const behaviours: readonly Behaviour[] = [
  { kind: 'die', end: { exitCode: 143 } },
  { kind: 'die', end: { statusReason: 'Host EC2 (instance i-0) terminated.' } },
  { kind: 'die', end: { exitCode: 137 } },
  { kind: 'die', end: { exitCode: 0 } },
  { kind: 'work-then-die', end: { exitCode: 1 } },
  { kind: 'fail', reason: 'TEMPORARY', exitCode: 75 },
  { kind: 'fail', reason: 'ASSET_CORRUPT', exitCode: 20 },
];

function drawBehaviour(random: Random): (run: Run) => Behaviour | undefined {
  const rate = random.fraction() < 0.5 ? 0 : random.fraction() * 0.3;
  return () =>
    random.fraction() < rate ? behaviours[Math.floor(random.fraction() * behaviours.length)] : undefined;
}

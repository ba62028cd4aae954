import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '@swath/ports/memory/index';
import * as z from 'zod';
import { startScript } from '../test/support/start.ts';
import { type HttpClient, httpClient } from './load/client.ts';
import { type Line, measure } from './load/measure.ts';
import { draw, type Operation, PLACES, searchBody, specOf } from './load/requests.ts';

/**
 * 200 clients at once on one machine: `node bench/load.ts [--clients 200] [--seconds 60] [--seed 1]`. Each sends a call,
 * waits for the answer, and sends the next. Afterwards every request that was accepted has to end. Fails on any error.
 */
const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});
const clients = Number(values.clients);
const seconds = Number(values.seconds);

/** A create is sent again with its key as often as one in four. */
const REPEATED = 0.25;
/** Everything that was accepted has to be over by then. */
const ENDS_WITHIN_MS = 10 * 60_000;

const requestAnswer = z.looseObject({ id: z.string(), state: z.string(), contentKey: z.string().nullable() });
const finalStates = new Set(['succeeded', 'partial', 'failed', 'cancelled', 'expired']);

const random = seededRandom(Number(values.seed), { now: () => 0 });
const heard = measure();
/** Idempotency key to id. */
const created = new Map<string, string>();

interface Known {
  readonly contentKey: string;
  readonly labels: readonly string[];
}

/** One request through everything, so that there are results to search and draw. */
async function firstResult(http: HttpClient): Promise<Known> {
  const { text } = await http.call('POST', '/requests', specOf(0), { 'idempotency-key': 'first' });
  const { id } = requestAnswer.parse(JSON.parse(text));
  const end = await ended(http, id, Date.now() + ENDS_WITHIN_MS);
  created.set('first', id);
  const labels = z
    .looseObject({ results: z.array(z.looseObject({ label: z.string() })) })
    .parse(end)
    .results.map(({ label }) => label);
  if (end.contentKey === null || labels.length === 0) throw new Error(`the first request ended ${end.state}`);
  return { contentKey: end.contentKey, labels };
}

async function ended(http: HttpClient, id: string, beforeMs: number) {
  for (;;) {
    const { text } = await http.call('GET', `/requests/${id}`);
    const request = requestAnswer.parse(JSON.parse(text));
    if (finalStates.has(request.state)) return request;
    if (Date.now() > beforeMs) throw new Error(`${id} is ${request.state} and does not end`);
    await sleep(250);
  }
}

const pick = <T>(list: readonly T[]): T => {
  const one = list[Math.floor(random.fraction() * list.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

async function create(http: HttpClient): Promise<{ readonly status: number; readonly id: string }> {
  const place = Math.floor(random.fraction() * PLACES);
  const key = `load-${created.size}-${random.id()}-${place}`;
  const send = () => http.call('POST', '/requests', specOf(place), { 'idempotency-key': key });
  const { status, text } = await send();
  if (status !== 201) return { status, id: '' };
  const { id } = requestAnswer.parse(JSON.parse(text));
  created.set(key, id);
  if (random.fraction() < REPEATED) {
    const again = await send();
    if (again.status !== 200 || requestAnswer.parse(JSON.parse(again.text)).id !== id) {
      heard.failed(`${key} sent again answered ${again.status} ${again.text.slice(0, 100)}`);
    }
  }
  return { status: 200, id };
}

async function perform(operation: Operation, http: HttpClient, known: Known): Promise<number> {
  const get = async (path: string) => (await http.call('GET', path)).status;
  switch (operation) {
    case 'list':
      return get('/requests?limit=20');
    case 'get':
      return get(`/requests/${pick([...created.values()].slice(-50))}`);
    case 'events':
      return get(`/requests/${pick([...created.values()].slice(-50))}/events`);
    case 'search':
      return (await http.call('POST', '/search', searchBody)).status;
    case 'collections':
      return get('/collections/results/items?limit=10');
    case 'tile': {
      const x = 8664 + Math.floor(random.fraction() * 4);
      const y = 5637 + Math.floor(random.fraction() * 4);
      return get(`/tiles/${known.contentKey}/${pick(known.labels)}/14/${x}/${y}.png`);
    }
    case 'create':
      return (await create(http)).status;
    case 'follow': {
      const { status, id } = await create(http);
      if (status !== 200) return status;
      const stream = await http.follow(`/requests/${id}/events`);
      if (!stream.done) heard.failed(`the stream of ${id} ended without "done" (${stream.status})`);
      return stream.status;
    }
  }
}

async function client(http: HttpClient, known: Known, untilMs: number): Promise<void> {
  while (performance.now() < untilMs) {
    const operation = draw(random.fraction());
    const startMs = performance.now();
    try {
      const status = await perform(operation, http, known);
      heard.took(operation, performance.now() - startMs);
      if (status >= 400) heard.failed(`${operation} answered ${status}`);
    } catch (error) {
      heard.failed(`${operation}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** States that all accepted requests ended in. */
async function endings(http: HttpClient): Promise<ReadonlyMap<string, number>> {
  const beforeMs = Date.now() + ENDS_WITHIN_MS;
  const states = new Map<string, number>();
  for (const id of created.values()) {
    const { state } = await ended(http, id, beforeMs);
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  return states;
}

function table(lines: readonly Line[]): string {
  const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0);
  return [
    '| call | calls | p50 ms | p99 ms | max ms |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines.map(
      ({ operation, calls, p50Ms, p99Ms, maxMs }) =>
        `| ${operation} | ${calls} | ${ms(p50Ms)} | ${ms(p99Ms)} | ${ms(maxMs)} |`,
    ),
  ].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'swath-load-'));
const server = startScript('packages/cli/src/main.ts', ['up', '--port', '0', '--data', folder], {});
try {
  const url = (await server.saw(/Swath is up: (http:\S+)/))[1] ?? '';
  const http = httpClient(url, clients);
  const known = await firstResult(http);
  const startMs = performance.now();
  await Promise.all(Array.from({ length: clients }, () => client(http, known, startMs + seconds * 1000)));
  const tookS = (performance.now() - startMs) / 1000;
  const loadEndMs = performance.now();
  const states = await endings(http);
  const drainS = (performance.now() - loadEndMs) / 1000;
  const lines = heard.lines();
  const calls = lines.at(-1)?.calls ?? 0;
  console.log(table(lines));
  const [cpu] = cpus();
  console.log(
    `\n${clients} clients for ${tookS.toFixed(0)} s: ${(calls / tookS).toFixed(0)} answers/s, ${heard.failures.length} errors.`,
    `${created.size} requests accepted, each ended: ${[...states].map(([s, n]) => `${n} ${s}`).join(', ')}; the last ${drainS.toFixed(0)} s after the load.`,
    `\n${cpus().length} cores of ${cpu?.model ?? '?'}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}; clients on the same machine.`,
  );
  for (const failure of heard.failures.slice(0, 10)) console.error(failure);
  const unique = new Set(created.values()).size;
  if (unique !== created.size) console.error(`${created.size} keys made ${unique} requests`);
  const onlyDone = states.size === 1 && states.has('succeeded');
  if (heard.failures.length > 0 || unique !== created.size || !onlyDone) process.exitCode = 1;
  http.close();
} finally {
  server.process.kill('SIGINT');
  await server.finished;
  rmSync(folder, { recursive: true, force: true });
}

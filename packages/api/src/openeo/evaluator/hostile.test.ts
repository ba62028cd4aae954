import { testWorld } from '@swath/requests/testing/index';
import { afterAll, describe, expect, it } from 'vitest';
import { fakeApi } from '../../../../../test/support/fake-api.ts';
import { noPixels } from '../../../../../test/support/no-pixels.ts';
import { makeApp } from '../../app.ts';
import { requestUseCases } from '../../use-cases.ts';
import { openeoService } from '../service.ts';
import type { EvaluatorOptions } from './evaluator.ts';

type Json = Readonly<Record<string, unknown>>;
type Graph = Record<string, Json>;
const call = (process_id: string, args: Json): Json => ({ process_id, arguments: args });
const from = (node: string) => ({ from_node: node });

/** The last node is the result. */
function graphOf(nodes: Graph): Json {
  const last = Object.keys(nodes).at(-1) ?? '';
  return { process_graph: { ...nodes, [last]: { ...nodes[last], result: true } } };
}

const open: Array<{ close(): Promise<void> }> = [];
afterAll(async () => {
  await Promise.all(open.map((evaluator) => evaluator.close()));
});

function appOf(limits: EvaluatorOptions = {}) {
  const { deps } = testWorld();
  const openeo = openeoService(deps, {
    signIn: { kind: 'open', token: 'local' },
    compute: { ...noPixels, limits },
  });
  open.push(openeo.compute!.evaluator);
  const app = makeApp(fakeApi({ requests: requestUseCases(deps), providers: deps.providers, openeo }).deps);
  return {
    get: async (path: string) => (await app.request(path)).status,
    result: async (process: Json) => {
      const answer = await app.request('/result', {
        method: 'POST',
        body: JSON.stringify({ process }),
        headers: { 'Content-Type': 'application/json' },
      });
      return { status: answer.status, body: (await answer.json()) as Json };
    },
  };
}

const million = call('array_create', { data: [1], repeat: 1_000_000 });
/** 3 x 10^6 x 10^6 calls: each element of an array makes an array, and runs what is below it for each of its elements. */
const tower = (levels: number): Json =>
  levels === 0
    ? graphOf({ sum: call('add', { x: 1, y: 1 }) })
    : graphOf({
        many: million,
        inner: call('array_apply', { data: from('many'), process: tower(levels - 1) }),
      });
const forever = call('array_apply', { data: [1, 2, 3], process: tower(2) });

describe('a graph that would never end', () => {
  it('is ended with the node that was running, and others are answered meanwhile', async () => {
    const { get, result } = appOf({ timeMs: 2500, maxSteps: Number.MAX_SAFE_INTEGER });
    let hasEnded = false;
    const hostile = result(graphOf({ forever })).finally(() => {
      hasEnded = true;
    });
    expect(await get('/processes')).toBe(200);
    expect(await get('/collections')).toBe(200);
    expect(hasEnded).toBe(false);
    const { status, body } = await hostile;
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'ProcessGraphComplexity',
      detail: expect.stringContaining('in its node "forever" (array_apply)'),
      pointer: '/process/process_graph/forever',
    });
    // The next one gets a thread of its own.
    expect(await result(graphOf({ a: call('add', { x: 1, y: 2 }) }))).toEqual({ status: 200, body: 3 });
  });

  it('is ended at the process that is one too many', async () => {
    const { result } = appOf({ maxSteps: 10_000 });
    const { status, body } = await result(graphOf({ forever }));
    expect([status, body]).toMatchObject([
      400,
      {
        code: 'ProcessGraphComplexity',
        detail: expect.stringMatching(/too many steps.*"sum" \(add\)/),
        pointer: expect.stringMatching(/^\/process\/process_graph\/forever\/.*\/sum$/),
      },
    ]);
  });

  it('is ended when it takes more memory than it may have, and the process goes on', async () => {
    const { result } = appOf({ heapMib: 64 });
    const nodes: Graph = {};
    for (let i = 0; i < 60; i++) nodes[`a${i}`] = call('array_create', { data: [i], repeat: 1_000_000 });
    nodes['all'] = call('array_create', { data: Object.keys(nodes).map(from) });
    const { status, body } = await result(graphOf(nodes));
    expect([status, body]).toMatchObject([
      400,
      {
        code: 'ProcessGraphComplexity',
        detail: expect.stringMatching(/64 MiB in its node "a\d+" \(array_create\)/),
      },
    ]);
    expect(await result(graphOf({ a: call('add', { x: 1, y: 2 }) }))).toEqual({ status: 200, body: 3 });
  });
});

/** Two kB of JSON that say 10 million cells. */
const vast = {
  type: 'datacube',
  order: ['a', 'b', 'c', 'd'],
  dimensions: Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [
      name,
      { type: 'other', values: Array.from({ length: 56 }, (_, i) => i) },
    ]),
  ),
  data: null,
};
const bands = { id: 'test-s2', bands: ['red', 'nir'], temporal_extent: ['2024-06-01', '2024-07-01'] };
const loaded = call('load_collection', {
  ...bands,
  spatial_extent: { west: 10.5, south: 48.5, east: 10.7, north: 48.52 },
});

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

describe('a graph that is refused before it runs', () => {
  const { result } = appOf();
  const cases: readonly (readonly [what: string, graph: Json, why: string])[] = [
    ['nests a hundred arrays', graphOf({ deep: call('count', { data: nested(100) }) }), 'levels'],
    [
      'has many large cubes in few characters',
      graphOf({ many: call('array_create', { data: Array.from({ length: 100 }, () => vast) }) }),
      'more cells together',
    ],
    [
      'loads a collection a hundred times',
      graphOf({
        ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`l${i}`, loaded])),
        all: call('array_create', { data: Array.from({ length: 100 }, (_, i) => from(`l${i}`)) }),
      }),
      'loads 100 collections',
    ],
  ];
  it.each(cases)('%s', async (_, graph, why) => {
    const { body } = await result(graph);
    expect(body).toMatchObject({
      code: expect.stringMatching(/^(ProcessGraphComplexity|LimitExceeded)$/),
      detail: expect.stringContaining(why),
    });
  });
});

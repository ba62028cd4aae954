import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256Hex } from '@swath/core';
import { type LocalObjectStore, localObjectStore } from '@swath/local/objects';
import type { Objects } from '@swath/ports';
import { processChunk } from '@swath/products';
import { imageOpener, inlineExecutor } from '@swath/raster';
import { type JobManifest, requestSpec } from '@swath/requests';
import type { Scene } from '@swath/stac';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { tinyPlan } from '../test/support/tiny-plan.ts';
import { writeTinyScene } from '../test/support/tiny-scene.ts';

/** Halves the time Node takes to start the second and later steps. */
const compileCache = mkdtempSync(join(tmpdir(), 'swath-compile-'));
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

let folder = '';
let store: LocalObjectStore;
let work: Objects;
let results: Objects;
let scenes: Scene[] = [];
const running: ChildProcess[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swath-batch-'));
  store = localObjectStore({ folder: join(folder, 'data', 'objects') });
  work = store.bucket('work');
  results = store.bucket('results');
  scenes = [
    await writeTinyScene(join(folder, 'catalogue'), 'a', '2024-06-01'),
    await writeTinyScene(join(folder, 'catalogue'), 'b', '2024-06-11'),
  ];
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const staging = 'staging/r1/1/';
const contentKey = sha256Hex('tiny');
const ids = { requestId: 'r1', attempt: 1, staging } as const;
const spec = requestSpec.parse({ items: ['tiny.json'], pipeline: { index: 'NDVI' } });
const acquire = (change: object = {}): JobManifest => ({
  kind: 'acquire',
  ...ids,
  spec,
  scenes,
  mode: 'reference',
  ...change,
});

async function putJson(key: string, value: unknown): Promise<string> {
  await work.put(key, new TextEncoder().encode(JSON.stringify(value)));
  return key;
}

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Starts a step as Batch would, with nothing in its environment but what is listed here. */
function start(step: string, manifest: string, env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, step, 'main.ts')], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: compileCache,
      SWATH_MANIFEST: manifest,
      SWATH_STORAGE: `local:${join(folder, 'data')}`,
      SWATH_SCRATCH: join(folder, 'scratch'),
      SWATH_READ_FOLDERS: join(folder, 'catalogue'),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  child.stdout?.on('data', (text) => {
    output += String(text);
  });
  child.stderr?.on('data', (text) => {
    output += String(text);
  });
  const ended = new Promise<{ code: number | null; output: string }>((done) =>
    child.once('close', (code) => done({ code, output })),
  );
  return { child, ended };
}
const run = (step: string, manifest: string, env?: Record<string, string>) =>
  start(step, manifest, env).ended;

const reportShape = z.object({
  ok: z.boolean(),
  value: z.unknown(),
  reason: z.string().nullable(),
  message: z.string().nullable(),
});
async function report(name: string) {
  return reportShape.parse(JSON.parse(new TextDecoder().decode(await work.get(`${staging}${name}.json`))));
}
const scratchLeft = () => readdirSync(join(folder, 'scratch'));

/** Puts plan and manifest of the process step; child i works on chunk i. */
async function putProcess(): Promise<string> {
  const plan = tinyPlan(scenes);
  await putJson('plan.json', plan);
  const chunks = [...plan.chunks.keys()];
  return await putJson('process.json', { kind: 'process', ...ids, plan: 'plan.json', chunks });
}

/** What the children of the process step leave, made in this process: starting Node for each takes its time. */
async function processHere(chunks: readonly number[]): Promise<void> {
  await putProcess();
  const open = imageOpener({ files: true });
  const executor = inlineExecutor(open);
  const scratchDir = join(folder, 'here');
  mkdirSync(scratchDir, { recursive: true });
  for (const chunk of chunks) {
    const { counts, path, sha256 } = await processChunk({
      plan: tinyPlan(scenes),
      chunk,
      executor,
      scratchDir,
    });
    const pixelsKey = `${staging}chunk-${chunk}-1.tif`;
    await work.put(pixelsKey, readFileSync(path));
    const value = { chunk, counts, pixelsKey, sha256, seconds: 0 };
    await putJson(`${staging}chunk-${chunk}.json`, { ok: true, value, reason: null, message: null });
  }
  await open.close();
}
const all = [0, 1, 2, 3];
async function putPublish(chunks: readonly number[]): Promise<string> {
  const chunkResults = Object.fromEntries(chunks.map((chunk) => [chunk, `${staging}chunk-${chunk}.json`]));
  return await putJson('publish.json', {
    kind: 'publish',
    ...ids,
    plan: 'plan.json',
    contentKey,
    chunkResults,
  });
}
async function shas(objects: Objects): Promise<Record<string, string>> {
  const { objects: all } = await objects.list('');
  return Object.fromEntries(all.map((object) => [object.key, object.sha256]));
}

describe('acquire', () => {
  it('opens every asset, leaves its report, one log line and no scratch', async () => {
    const { code, output } = await run('acquire', await putJson('m.json', acquire()));
    expect(code, output).toBe(0);
    expect(await report('acquire')).toMatchObject({ ok: true, value: { failed: [], assets: { length: 6 } } });
    const lines = output.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      key: 'Job:Run:Succeeded',
      step: 'acquire',
      assets: 6,
      exitCode: 0,
    });
    expect(scratchLeft()).toEqual([]);
  });

  it('lists a scene whose file is missing and goes on with the others', async () => {
    unlinkSync(scenes[0]?.assets[1]?.href ?? '');
    const { code, output } = await run('acquire', await putJson('m.json', acquire()));
    expect(code, output).toBe(0);
    expect(await report('acquire')).toMatchObject({
      value: { failed: [{ sceneIndex: 0, reason: 'ASSET_MISSING' }], assets: { length: 3 } },
    });
  });

  it('exits with 20 when no scene is left', async () => {
    for (const scene of scenes) unlinkSync(scene.assets[0]?.href ?? '');
    const { code } = await run('acquire', await putJson('m.json', acquire()));
    expect(code).toBe(20);
    expect(await report('acquire')).toMatchObject({ ok: false, value: null, reason: 'ASSET_MISSING' });
  });

  it('copies into the raw bucket, and reads from there', async () => {
    const { code, output } = await run('acquire', await putJson('m.json', acquire({ mode: 'copy' })));
    expect(code, output).toBe(0);
    const { objects } = await store.bucket('raw').list('scenes/');
    expect(objects).toHaveLength(6);
    const text = JSON.stringify((await report('acquire')).value);
    for (const { key } of objects) expect(text).toContain(`object://raw/${key}`);
  });

  it('reads no file outside the allowed folders', async () => {
    const env = { SWATH_READ_FOLDERS: join(folder, 'elsewhere') };
    const { code } = await run('acquire', await putJson('m.json', acquire()), env);
    expect(code).toBe(10);
    expect((await report('acquire')).message).toContain('outside the folders that may be read');
  });
});

describe('a manifest', () => {
  it.each([
    ['that is not there', undefined],
    ['that is no JSON', '{"kind": "acq'],
    ['of another kind', '{"kind":"publish"}'],
    ['whose staging lies elsewhere', JSON.stringify({ kind: 'acquire', ...ids, staging: 'results/' })],
  ])('%s ends the step with 10 and one line', async (_, body) => {
    if (body !== undefined) await work.put('m.json', new TextEncoder().encode(body));
    const { code, output } = await run('acquire', 'm.json');
    expect(code, output).toBe(10);
    expect(JSON.parse(output)).toMatchObject({ key: 'Job:Run:Failed', reason: 'INVALID_INPUT' });
  });

  it('whose variable is missing ends the step with the name of the variable', async () => {
    const { code, output } = await run('process', '', { SWATH_STORAGE: 'nowhere' });
    expect(code).toBe(10);
    expect(output).toMatch(/SWATH_MANIFEST.*SWATH_STORAGE/);
  });

  it('with a plan of another engine is refused', async () => {
    const manifest = await putProcess();
    await putJson('plan.json', { ...tinyPlan(scenes), engineVersion: '0' });
    const { code } = await run('process', manifest);
    expect(code).toBe(10);
    expect((await report('chunk-0')).message).toMatch(/engine 0, this is engine/);
  });
});

describe('process and publish', () => {
  it('make complete products, and make them again without changing a byte', async () => {
    await processHere(all);
    const manifest = await putPublish(all);
    const first = await run('publish', manifest);
    expect(first.code, first.output).toBe(0);
    const made = await shas(results);
    const files = ['item.json', 'ndvi.tif', 'statistics.json', 'thumbnail.png'];
    expect(Object.keys(made)).toEqual(
      ['a', 'b'].flatMap((label) => files.map((f) => `results/${contentKey}/${label}/${f}`)),
    );
    const again = await run('publish', manifest);
    expect(again.code, again.output).toBe(0);
    expect(await shas(results)).toEqual(made);
    expect(await report('publish')).toMatchObject({
      ok: true,
      value: [
        { label: 'a', counts: { total: 7680, withData: 7616, masked: 256, valid: 7360 }, failedChunks: [] },
        { label: 'b', failedChunks: [] },
      ],
    });
    expect(scratchLeft()).toEqual([]);
  });

  it('publish what there is when chunks are missing, beside the place of the complete product', async () => {
    await processHere([0, 2, 3]);
    const partial = await run('publish', await putPublish([0, 2, 3]));
    expect(partial.code, partial.output).toBe(0);
    const keys = Object.keys(await shas(results));
    expect(keys.filter((key) => /\/a\/partial-[0-9a-f]{12}\//.test(key))).toHaveLength(4);
    expect(await report('publish')).toMatchObject({ value: [{ failedChunks: [1] }, { failedChunks: [] }] });
    const item = keys.find((key) => key.includes('partial') && key.endsWith('item.json')) ?? '';
    const text = new TextDecoder().decode(await results.get(item));
    expect(JSON.parse(text)).toMatchObject({
      properties: { 'swath:failed_chunks': [{ chunk: 1, window: { x: 48, y: 0, width: 48, height: 80 } }] },
      assets: { data: { href: './ndvi.tif' } },
    });
    await processHere([1]);
    const complete = await run('publish', await putPublish(all));
    expect(complete.code, complete.output).toBe(0);
    expect(Object.keys(await shas(results))).toContain(`results/${contentKey}/a/item.json`);
  });

  it('refuse a chunk whose pixels are not those of its report', async () => {
    await processHere(all);
    const { objects } = await work.list(`${staging}chunk-2-`);
    await work.put(objects[0]?.key ?? '', new Uint8Array(100));
    const { code } = await run('publish', await putPublish(all));
    expect(code).toBe(20);
    expect((await report('publish')).message).toMatch(/^Chunk 2: its file has sha256/);
    expect(Object.keys(await shas(results)).filter((key) => key.includes('/b/'))).toEqual([]);
  });

  it('compute a chunk once: a repeated child finds its own result', async () => {
    const manifest = await putProcess();
    expect((await run('process', manifest)).code).toBe(0);
    const again = await run('process', manifest, { AWS_BATCH_JOB_ATTEMPT: '2' });
    expect(JSON.parse(again.output)).toMatchObject({ already: true, exitCode: 0 });
  });

  it('give the same bytes in any time zone and language', async () => {
    const manifest = await putProcess();
    const pixels: string[] = [];
    for (const env of [
      { TZ: 'UTC', LANG: 'C' },
      { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    ]) {
      await work.delete(`${staging}chunk-0.json`);
      expect((await run('process', manifest, env)).code).toBe(0);
      const { objects } = await work.list(`${staging}chunk-0-`);
      pixels.push(objects[0]?.sha256 ?? '');
    }
    expect(pixels[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(pixels[1]).toBe(pixels[0]);
  });
});

describe('SIGTERM', () => {
  /** A provider that takes the question and never answers. */
  async function silentProvider(): Promise<{ readonly host: string; readonly asked: Promise<void> }> {
    let tell = () => {};
    const asked = new Promise<void>((done) => {
      tell = done;
    });
    const server = createServer(() => tell());
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    return { host: `127.0.0.1:${port}`, asked };
  }
  async function startWaiting(env: Record<string, string>): Promise<Run> {
    const { host, asked } = await silentProvider();
    const remote = scenes.map((scene) => ({
      ...scene,
      assets: scene.assets.map((asset) => ({ ...asset, href: `http://${host}/${asset.key}.tif` })),
    }));
    const manifest = await putJson('m.json', acquire({ scenes: remote }));
    const started = start('acquire', manifest, { SWATH_READ_HOSTS: host, ...env });
    await asked;
    return started;
  }

  it('ends a step that waits for its provider at once with 143, and leaves nothing', async () => {
    const { child, ended } = await startWaiting({});
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code, output).toBe(143);
    expect(await shas(results)).toEqual({});
    expect((await work.list(staging)).objects).toEqual([]);
    expect(scratchLeft()).toEqual([]);
  });

  it('is not needed when the runtime dies: the closed input says it', async () => {
    const { child, ended } = await startWaiting({ SWATH_PARENT_WATCH: 'stdin' });
    child.stdin?.destroy();
    expect((await ended).code).toBe(143);
    expect(scratchLeft()).toEqual([]);
  });

  it('at any moment leaves whole objects only, and the next run makes the same bytes', async () => {
    await processHere(all);
    const manifest = await putPublish(all);
    expect((await run('publish', manifest)).code).toBe(0);
    const reference = await shas(results);
    const timed = performance.now();
    expect((await run('publish', manifest)).code).toBe(0);
    const wholeMs = performance.now() - timed;
    const codes = new Set<number | null>();
    for (const share of [0.4, 0.6, 0.8]) {
      for (const key of Object.keys(reference)) await results.delete(key);
      await work.delete(`${staging}publish.json`);
      const { child, ended } = start('publish', manifest);
      await sleep(wholeMs * share);
      child.kill('SIGTERM');
      const { code } = await ended;
      codes.add(code);
      for (const [key, sha256] of Object.entries(await shas(results))) {
        if (!key.endsWith('item.json')) expect(sha256).toBe(reference[key]);
      }
      expect((await run('publish', manifest)).code).toBe(0);
      expect(Object.keys(await shas(results))).toEqual(Object.keys(reference));
    }
    // Before the handler is there Node's own answer to SIGTERM shows as no code; after the end the step was done.
    expect([...codes].every((code) => code === 143 || code === 0 || code === null)).toBe(true);
  });
});

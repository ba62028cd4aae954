import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256Hex } from '@swath/core';
import { type LocalObjectStore, localObjectStore } from '@swath/local/objects';
import type { Objects } from '@swath/ports';
import { processChunk } from '@swath/products';
import { imageOpener, inlineExecutor } from '@swath/raster';
import { type JobManifest, requestSpec } from '@swath/requests';
import type { Scene } from '@swath/stac';
import { afterAll, afterEach, beforeEach } from 'vitest';
import * as z from 'zod';
import { tinyPlan } from '../test/support/tiny-plan.ts';
import { writeTinyScene } from '../test/support/tiny-scene.ts';

/** Steps of jobs run as processes over a small catalogue; its hooks make and remove a folder for every test. */
/** Halves the time Node takes to start the second and later steps. */
const compileCache = mkdtempSync(join(tmpdir(), 'swath-compile-'));
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

export let folder = '';
export let store: LocalObjectStore;
export let work: Objects;
export let results: Objects;
export let scenes: Scene[] = [];
export const running: ChildProcess[] = [];
export const servers: Server[] = [];

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

export const staging = 'staging/r1/1/';
export const contentKey = sha256Hex('tiny');
export const ids = { requestId: 'r1', attempt: 1, staging } as const;
export const spec = requestSpec.parse({ items: ['tiny.json'], pipeline: { index: 'NDVI' } });
export const acquire = (change: object = {}): JobManifest => ({
  kind: 'acquire',
  ...ids,
  spec,
  scenes,
  mode: 'reference',
  ...change,
});

export async function putJson(key: string, value: unknown): Promise<string> {
  await work.put(key, new TextEncoder().encode(JSON.stringify(value)));
  return key;
}

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** What a container would run. */
export interface Program {
  readonly cwd?: string;
  readonly args: (step: string) => readonly string[];
  readonly uid?: number;
}
const sources: Program = { args: (step) => [resolve(import.meta.dirname, step, 'main.ts')] };

/** Starts a step as Batch would, with nothing in its environment but what is listed here. */
export function start(
  step: string,
  manifest: string,
  env: Record<string, string> = {},
  { args, ...program }: Program = sources,
): Run {
  const child = spawn(process.execPath, args(step), {
    ...program,
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
export const run = (step: string, manifest: string, env?: Record<string, string>, program?: Program) =>
  start(step, manifest, env, program).ended;

const reportShape = z.object({
  ok: z.boolean(),
  value: z.unknown(),
  reason: z.string().nullable(),
  message: z.string().nullable(),
});
export async function report(name: string) {
  return reportShape.parse(JSON.parse(new TextDecoder().decode(await work.get(`${staging}${name}.json`))));
}
export const scratchLeft = () => readdirSync(join(folder, 'scratch'));

/** Puts plan and manifest of the process step. @param perChild @default child i makes chunk i */
export async function putProcess(perChild = 1): Promise<string> {
  const plan = tinyPlan(scenes);
  await putJson('plan.json', plan);
  const chunks = [...plan.chunks.keys()];
  return await putJson('process.json', { kind: 'process', ...ids, plan: 'plan.json', chunks, perChild });
}

/** What the children of the process step leave, made in this process: starting Node for each takes its time. */
export async function processHere(chunks: readonly number[]): Promise<void> {
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
export const all = [0, 1, 2, 3];
export async function putPublish(chunks: readonly number[]): Promise<string> {
  const chunkResults = Object.fromEntries(chunks.map((chunk) => [chunk, `${staging}chunk-${chunk}.json`]));
  return await putJson('publish.json', {
    kind: 'publish',
    ...ids,
    plan: 'plan.json',
    contentKey,
    chunkResults,
  });
}
export async function shas(objects: Objects): Promise<Record<string, string>> {
  const { objects: all } = await objects.list('');
  return Object.fromEntries(all.map((object) => [object.key, object.sha256]));
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  acquire,
  all,
  processHere,
  putJson,
  putPublish,
  type Run,
  results,
  run,
  scenes,
  scratchLeft,
  servers,
  shas,
  staging,
  start,
  work,
} from './jobs.fixture.ts';

/** Each test starts Node some times, which takes seconds on a busy machine. */
const LONG_MS = 120_000;

describe('SIGTERM', { timeout: LONG_MS }, () => {
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

import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tinyPlan } from '../test/support/tiny-plan.ts';
import {
  acquire,
  all,
  contentKey,
  folder,
  ids,
  processHere,
  putJson,
  putProcess,
  putPublish,
  report,
  results,
  run,
  scenes,
  scratchLeft,
  shas,
  staging,
  store,
  work,
} from './jobs.fixture.ts';

/** Each test starts Node some times, which takes seconds on a busy machine. */
const LONG_MS = 120_000;

describe('acquire', { timeout: LONG_MS }, () => {
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

describe('a manifest', { timeout: LONG_MS }, () => {
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

describe('process and publish', { timeout: LONG_MS }, () => {
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

  it('give statistics of zones that lie where the manifest says', async () => {
    await processHere(all);
    await putPublish(all);
    const corner = [3.0, 52.33];
    const ring = [corner, [10, 52.33], [10, 52.36], [3.0, 52.36], corner];
    await putJson('zones.json', [{ id: 'all', geometry: { type: 'Polygon', coordinates: [ring] } }]);
    const manifest = JSON.parse(new TextDecoder().decode(await work.get('publish.json')));
    await putJson('publish.json', { ...manifest, zones: 'zones.json' });
    const { code, output } = await run('publish', 'publish.json');
    expect(code, output).toBe(0);
    const text = new TextDecoder().decode(await results.get(`results/${contentKey}/a/zones.json`));
    expect(JSON.parse(text)).toMatchObject({
      rows: [{ zone: 'all', band: 'ndvi', pixels: 7680, count: 7360 }],
    });
    expect(await report('publish')).toMatchObject({
      value: [{ assets: { zonesCsv: `results/${contentKey}/a/zones.csv` } }, {}],
    });
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
    expect(JSON.parse(again.output)).toMatchObject({ already: 1, chunks: 0, exitCode: 0 });
  });

  it('make a run of chunks in one child, with the bytes that a child each makes', async () => {
    const manifest = await putProcess(3);
    const first = await run('process', manifest);
    expect(first.code, first.output).toBe(0);
    expect(JSON.parse(first.output)).toMatchObject({ child: 0, already: 0, chunks: 3 });
    const second = await run('process', manifest, { AWS_BATCH_JOB_ARRAY_INDEX: '1' });
    expect(JSON.parse(second.output)).toMatchObject({ child: 1, chunks: 1, exitCode: 0 });
    const beyond = await run('process', manifest, { AWS_BATCH_JOB_ARRAY_INDEX: '2' });
    expect(beyond.code, beyond.output).toBe(10);
    const sums = async () =>
      Promise.all(all.map(async (chunk) => (await report(`chunk-${chunk}`)).value)).then((values) =>
        values.map((value) => (value as { sha256: string }).sha256),
      );
    const inRuns = await sums();
    await processHere(all);
    expect(inRuns).toEqual(await sums());
    expect(scratchLeft()).toEqual([]);
  });

  it('take up a run where its last try stopped, and lose a chunk that is bad without the others', async () => {
    const plan = tinyPlan(scenes);
    // Chunk 0 was made by an earlier try; scene b, of chunks 2 and 3, has lost a file.
    await processHere([0]);
    const manifest = await putProcess(4);
    unlinkSync(scenes[1]?.assets[0]?.href ?? '');
    const ended = await run('process', manifest, { AWS_BATCH_JOB_ATTEMPT: '2' });
    expect(ended.code, ended.output).toBe(20);
    expect(plan.chunks.map(({ product }) => product)).toEqual([0, 0, 1, 1]);
    expect(JSON.parse(ended.output)).toMatchObject({ already: 1, chunks: 1, failedChunks: 2 });
    const reports = await Promise.all(all.map((chunk) => report(`chunk-${chunk}`)));
    expect(reports.map(({ ok, reason }) => [ok, reason])).toEqual([
      [true, null],
      [true, null],
      [false, 'ASSET_MISSING'],
      [false, 'ASSET_MISSING'],
    ]);
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

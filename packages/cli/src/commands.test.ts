import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeProducts, fakeRequest } from '../../../test/support/fake-api.ts';
import { fakeServer } from '../../../test/support/fake-server.ts';
import { swathRunner } from '../../../test/support/swath-runner.ts';

let server: Awaited<ReturnType<typeof fakeServer>>;
let folder: string;
let swath: ReturnType<typeof swathRunner>;

const one = (text: string): unknown => {
  expect(text.trimEnd()).not.toContain('\n');
  return JSON.parse(text);
};

beforeAll(async () => {
  server = await fakeServer();
  folder = await mkdtemp(join(tmpdir(), 'swath-cli-'));
  swath = swathRunner({ cwd: folder, env: { SWATH_URL: server.url } });
  server.requests.all.set('done', fakeRequest({ id: 'done' }));
  server.requests.all.set(
    'bad',
    fakeRequest({
      id: 'bad',
      state: 'failed',
      results: [],
      failure: {
        reason: 'ASSET_MISSING',
        message: 'The red band is gone.',
        fault: 'provider',
        retryable: true,
        fix: 'Leave out the date.',
      },
    }),
  );
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('aois', () => {
  it('lists all areas, however many pages they are', async () => {
    for (let n = 0; n < 102; n++) {
      await server.deps.aois.put('local', `plot-${n}`, { area: [10.4, 48.79, 10.41, 48.8] });
    }
    const listed = await swath(['aois', 'list', '--json']);
    expect(listed.code, listed.stderr).toBe(0);
    const aois = one(listed.stdout) as { id: string }[];
    expect(new Set(aois.map(({ id }) => id)).size).toBe(102);
  });

  it('keeps every version of an area, and shows an earlier one', async () => {
    for (const east of ['10.41', '10.42']) {
      const put = await swath(['aois', 'put', 'farm', `10.4,48.79,${east},48.8`, '--json']);
      expect(put.code, put.stderr).toBe(0);
    }
    const east = async (...more: readonly string[]) => {
      const { code, stdout, stderr } = await swath(['aois', 'show', 'farm', '--json', ...more]);
      expect(code, stderr).toBe(0);
      const { id, properties } = one(stdout) as { id: string; properties: { bboxes: number[][] } };
      return [id, properties.bboxes[0]?.[2]];
    };
    expect(await east()).toEqual(['farm@2', 10.42]);
    expect(await east('--version', '1')).toEqual(['farm@1', 10.41]);
    expect((await swath(['aois', 'show', 'farm', '--version', '3'])).code).toBe(3);
    expect((await swath(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('stats', () => {
  it('draws a line per zone and band, and gives every row as CSV or JSON', async () => {
    const drawn = await swath(['stats', 'done']);
    expect(drawn.code, drawn.stderr).toBe(0);
    expect(drawn.stdout).toMatch(/^zone +band +pixels +valid % +lowest mean +highest +last +over time/);
    expect(drawn.stdout).toMatch(/whole +ndvi +\d+ +[\d.]+ +0\.310 +0\.720 +0\.440 +▁▆█▃/);
    const csv = await swath(['stats', 'done', '--csv', '--band', 'ndvi']);
    expect(csv.stdout.split('\n')).toHaveLength(6);
    expect(csv.stdout).toMatch(/^product,start,end,zone,band,/);
    expect(one((await swath(['stats', 'done', '--json', '--zone', 'nowhere'])).stdout)).toMatchObject({
      rows: [],
    });
  });
});

describe('submit', () => {
  it('takes flags, follows to the end, and keeps progress off stdout', async () => {
    const ran = await swath(['submit', '--index', 'NDVI', '--aoi', '-5,40,-4,41', '--watch', '--json']);
    expect(ran.code, ran.stderr).toBe(0);
    expect(one(ran.stdout)).toMatchObject({
      state: 'succeeded',
      spec: { aoi: [-5, 40, -4, 41], pipeline: { index: 'NDVI' } },
    });
    expect(ran.stderr).toMatch(/^Request 0193-/);
    expect(ran.stderr).toContain('succeeded');
    expect(ran.stderr).not.toContain('\u001b');
  });

  it('takes a file, standard input, and flags over both', async () => {
    const path = join(folder, 'spec.json');
    await writeFile(path, JSON.stringify({ pipeline: { index: 'EVI' }, grid: { crs: 'EPSG:32631' } }));
    const ran = await swath(['submit', path, '--resolution', '20', '--label', 'crop=maize', '--json']);
    expect(one(ran.stdout)).toMatchObject({
      spec: {
        pipeline: { index: 'EVI' },
        grid: { crs: 'EPSG:32631', resolution: 20 },
        labels: { crop: 'maize' },
      },
    });
    const piped = await swath(['submit', '-', '--json'], { stdin: '{"pipeline":{"bands":["red"]}}' });
    expect(one(piped.stdout)).toMatchObject({ spec: { pipeline: { bands: ['red'] } } });
  });

  it('tells the same story to people', async () => {
    const ran = await swath(['submit', '--index', 'NDVI', '--watch']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('2024-07-05      0.720      0.0    100.0');
    expect(ran.stdout).toContain('ndvi ▁▆█▃');
    expect(ran.stderr).toMatch(/Files: npx swath get 0193-\d+ \.\/results/);
  });

  it('detaches on Ctrl-C and says how to go on', async () => {
    server.requests.stepsPerLook = 0;
    let interrupted = false;
    const ran = await swath(['submit', '--index', 'NDVI', '--watch'], {
      onStderr(text, child) {
        if (interrupted || !text.includes('accepted')) return;
        interrupted = child.kill('SIGINT');
      },
    });
    server.requests.stepsPerLook = 1;
    expect(ran.code).toBe(130);
    expect(ran.stderr).toMatch(/Detached; the request goes on\. .*npx swath watch 0193-\d+/);
  });
});

describe('looking', () => {
  it('plans, lists, shows, cancels and retries', async () => {
    const plan = await swath(['plan', '--index', 'NDVI']);
    expect(plan.stdout).toContain('1 scene, 1 product, 1 chunk, 512 x 512 pixels in EPSG:32631');
    const list = await swath(['requests', '--state', 'failed', '--json']);
    expect(one(list.stdout)).toMatchObject({ requests: [{ id: 'bad' }] });
    const shown = await swath(['show', 'bad']);
    expect(shown.stdout).toContain('ASSET_MISSING: The red band is gone.\nwhat to do: Leave out the date.');
    expect((await swath(['retry', 'bad', '--json'])).code).toBe(0);
    expect(one((await swath(['cancel', 'bad', '--json'])).stdout)).toMatchObject({
      state: 'cancelled',
      attempt: 2,
    });
  });

  it('searches through the server', async () => {
    const found = await swath(['search', '--collection', 'sentinel-2-l2a', '--aoi', '4,51,5,52', '--json']);
    expect(one(found.stdout)).toMatchObject({ features: [{ id: 'S2_20240705' }], numberReturned: 1 });
    const text = await swath(['search']);
    expect(text.stdout).toContain('skipped broken: no assets');
  });

  it('searches a stored area by its id, and says what to do where there is none', async () => {
    expect((await swath(['aois', 'put', 'farm', '10.4,48.79,10.42,48.8'])).code).toBe(0);
    const found = await swath(['search', '--aoi', 'farm', '--json']);
    expect(found.code, found.stderr).toBe(0);
    expect(one(found.stdout)).toMatchObject({ numberReturned: 1 });
    expect(await swath(['search', '--aoi', 'nowhere'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('swath aois put'),
    });
    expect(await swath(['search', '--stac', 'https://stac.test', '--aoi', 'farm'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npx swath aois show farm --json > farm.geojson'),
    });
  });

  it('exits with 1 when what it watched failed', async () => {
    const failure = { reason: 'X', message: 'No.', fault: 'user' as const, retryable: false, fix: 'Do.' };
    server.requests.all.set('failed', fakeRequest({ id: 'failed', state: 'failed', results: [], failure }));
    const ran = await swath(['watch', 'failed']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('what to do: Do.');
  });
});

describe('get', () => {
  it('downloads, skips what is there, resumes parts, and repairs what is wrong', async () => {
    const dir = join(folder, 'out');
    const first = await swath(['get', 'done', dir, '--json']);
    expect(first.code, first.stderr).toBe(0);
    const answer = one(first.stdout) as { files: { path: string; status: string }[] };
    expect(answer.files).toHaveLength(16);
    const cog = join(dir, '2024-03-12', 'ndvi.tif');
    expect(await readFile(cog, 'utf8')).toBe('cog of 2024-03-12');
    await rm(cog);
    await writeFile(`${cog}.part`, 'cog of');
    await writeFile(join(dir, '2024-05-16', 'ndvi.tif'), 'cog of 2024-05-XX');
    const again = one((await swath(['get', 'done', dir, '--json'])).stdout) as typeof answer;
    expect(again.files.filter((f) => f.status === 'downloaded').map((f) => f.path)).toEqual([
      cog,
      join(dir, '2024-05-16', 'ndvi.tif'),
    ]);
    expect(await readFile(cog, 'utf8')).toBe('cog of 2024-03-12');
    expect(server.logged.some((l) => l.fields['status'] === 206)).toBe(true);
  });

  it('refuses bytes that are not what the server named', async () => {
    const product = fakeProducts[2];
    if (product === undefined) throw new Error('no product');
    const key = `${product.assets.cog}.lie`;
    server.objects.set(key, Buffer.from('true'), 'image/tiff');
    const head = server.deps.results.head;
    Object.assign(server.objects, {
      head: async (k: string) => {
        const info = await head(k);
        return k === key && info !== undefined ? { ...info, sha256: 'f'.repeat(64) } : info;
      },
    });
    const assets = { ...product.assets, cog: key };
    server.requests.all.set('lie', fakeRequest({ id: 'lie', results: [{ ...product, assets }] }));
    const ran = await swath(['get', 'lie', join(folder, 'lie'), '--only', 'cog', '--json']);
    expect(ran.code).toBe(5);
    expect(one(ran.stdout)).toMatchObject({ error: { code: 'Corrupt' } });
    await expect(readFile(join(folder, 'lie', product.label, 'ndvi.tif.lie'))).rejects.toThrow('ENOENT');
  });
});

describe('trouble', () => {
  it.each([
    [['show', 'nobody'], 3, 'NotFound'],
    [['submit', '--index', 'NDVI', '--max-cloud', 'x'], 2, 'InvalidInput'],
    [['submit', '--index', 'NDVI', '--expression', 'red'], 2, 'InvalidInput'],
    [['submit', '--datetime', '2024-01-01'], 2, 'InvalidInput'],
    [['submit', 'missing.json'], 2, 'InvalidInput'],
    [['submit'], 2, 'InvalidInput'],
    [['watch', 'nobody'], 3, 'NotFound'],
    [['frobnicate'], 2, 'InvalidInput'],
  ])('%j exits with %i and says %s', async (args, code, word) => {
    const ran = await swath([...args, '--json']);
    expect(ran.code).toBe(code);
    expect(one(ran.stdout)).toMatchObject({ error: { code: word } });
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  });

  it('is told with the field and the fix', async () => {
    const ran = await swath(['submit', '--datetime', '2024-01-01']);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toBe('error: The request is wrong. (at /pipeline)\nwhat to do: Name an index.\n');
  });

  it('says how to start a server when there is none', async () => {
    const ran = await swath(['requests', '--url', 'http://127.0.0.1:9']);
    expect(ran.code).toBe(5);
    expect(ran.stderr).toContain('npx swath up');
    expect((await swath(['requests', '--url', 'http://127.0.0.1:9', '--debug'])).stderr).toMatch(/^\s+at /m);
  });

  it('knows a server that is something else', async () => {
    const ran = await swath(['requests', '--url', `${server.url}/health`]);
    expect(ran.code).toBe(3);
  });
});

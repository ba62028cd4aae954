import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/start.ts';
import { type OwnSystem, START_TIMEOUT_MS, startSystem } from '../support/system.ts';

/** What the openEO Web Editor is made of: @openeo/js-client in a browser, on a page of another origin. */
const chromium = process.env['SWATH_CHROMIUM'] ?? 'chromium';
const hasBrowser = spawnSync(chromium, ['--version']).status === 0;
if (!hasBrowser) console.warn('skipped: no chromium, so the API is not called from a page of another origin');

const require = createRequire(import.meta.url);
const scripts: Readonly<Record<string, string>> = {
  '/axios.js': join(dirname(require.resolve('axios/package.json')), 'dist/axios.min.js'),
  '/openeo.js': require.resolve('@openeo/js-client/openeo.min.js'),
};

/** Runs in the page. What it saw it sends home, to the server the page came from. */
const inPage = `
const call = (process_id, args, more) => ({ process_id, arguments: args, ...more });
const node = (from_node) => ({ from_node });
const ndvi = { process_graph: {
  l: call('load_collection', { id: 'sample-s2-l2a', bands: ['red', 'nir'], temporal_extent: ['2024-07-22', '2024-07-23'],
    spatial_extent: { west: 10.4, south: 48.79, east: 10.41, north: 48.8 } }),
  n: call('ndvi', { data: node('l') }),
  s: call('save_result', { data: node('n'), format: 'PNG' }, { result: true }),
} };
const batch = structuredClone(ndvi);
batch.process_graph.s.arguments.format = 'GTiff';
async function life(url) {
  const seen = {};
  const connection = await OpenEO.connect(url);
  const [basic] = await connection.listAuthProviders();
  await basic.login('me', 'anything');
  seen.user = (await connection.describeAccount()).user_id;
  seen.collections = (await connection.listCollections()).collections.length;
  seen.problems = (await connection.validateProcess(ndvi)).length;
  const { data } = await connection.computeResult(ndvi);
  seen.picture = [data.type, data.size > 1000];
  const job = await connection.createJob(batch, 'From a page');
  seen.created = (await job.describeJob()).status;
  await job.startJob();
  do { await new Promise((go) => setTimeout(go, 500)); await job.describeJob(); } while (['queued', 'running'].includes(job.status));
  seen.finished = job.status;
  seen.logs = (await job.debugJob().nextLogs()).length > 3;
  const stac = await job.getResultsAsStac();
  const asset = Object.values(stac.assets)[0];
  const part = await fetch(asset.href, { headers: { Range: 'bytes=0-3' } });
  seen.part = [part.status, part.headers.get('Content-Range')?.split('/')[0]];
  await connection.setUserProcess('from_page', { process_graph: { a: call('add', { x: 1, y: 2 }, { result: true }) } });
  const [saved] = await connection.listUserProcesses();
  await saved.deleteUserProcess();
  await job.deleteJob();
  seen.left = (await connection.listJobs()).filter(({ id }) => id === job.id).length;
  return seen;
}
const url = new URLSearchParams(location.search).get('url');
life(url).catch((error) => ({ failed: String(error), stack: error.stack }))
  .then((seen) => fetch('/seen', { method: 'POST', body: JSON.stringify(seen) }));
`;
const page =
  '<!doctype html><meta charset="utf-8"><script src="/axios.js"></script><script src="/openeo.js"></script>' +
  `<script>${inPage}</script>`;

const profile = temporaryFolder('browser-profile');
let pages: Server;
let home = '';
let told: (seen: unknown) => void = () => undefined;
let system: OwnSystem | undefined;
let url = '';
let browser: ChildProcess | undefined;

function servePages(): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    const script = scripts[pathname];
    if (pathname === '/seen') {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text: string) => (body += text));
      request.on('end', () => {
        response.end();
        told(JSON.parse(body));
      });
    } else if (script !== undefined) response.end(readFileSync(script));
    else response.setHeader('Content-Type', 'text/html').end(page);
  });
}

/** What a page tells after calling the API at `url`. */
async function visit(target: string): Promise<unknown> {
  const answer = new Promise<unknown>((resolve) => (told = resolve));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const address = `${home}/?url=${encodeURIComponent(target)}`;
  browser = spawn(
    chromium,
    [...flags, `--user-data-dir=${profile.path}`, '--remote-debugging-port=0', address],
    {
      stdio: 'ignore',
    },
  );
  const gone = new Promise((done) => browser?.once('close', done));
  const seen = await answer;
  browser.kill('SIGTERM');
  await gone;
  return seen;
}

beforeAll(async () => {
  if (!hasBrowser) return;
  pages = servePages();
  await new Promise<void>((up) => pages.listen(0, '127.0.0.1', up));
  home = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  system = await startSystem('browser', { SWATH_ORIGINS: home });
  url = system.url;
}, START_TIMEOUT_MS);

afterAll(async () => {
  if (!hasBrowser) return;
  browser?.kill('SIGKILL');
  await system?.stop();
  pages.closeAllConnections();
  await new Promise((down) => pages.close(down));
  profile.remove();
});

describe.skipIf(!hasBrowser)('a page of an allowed origin, with @openeo/js-client', () => {
  it('signs in, computes, takes a job through its life, and reads all the headers it needs', async () => {
    expect(await visit(url)).toEqual({
      user: 'local',
      collections: expect.any(Number),
      problems: 0,
      picture: ['image/png', true],
      created: 'created',
      finished: 'finished',
      logs: true,
      part: [206, 'bytes 0-3'],
      left: 0,
    });
  }, 120_000);

  it('gets nothing from an origin that is not allowed', async () => {
    const answer = await fetch(`${url}/`, { headers: { Origin: 'https://elsewhere.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const changed = await fetch(`${url}/jobs`, {
      method: 'POST',
      headers: { Origin: 'https://elsewhere.example' },
    });
    expect(changed.status).toBe(403);
  });
});

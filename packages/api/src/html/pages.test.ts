import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fakeApi, fakeProducts, fakeRequest } from '../../../../test/support/fake-api.ts';
import { makeApp } from '../app.ts';
import { routes } from '../routes/index.ts';
import { html } from './escape.ts';

const evil = `<script>alert(1)</script>"'&=cmd()`;
const browser = { headers: { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' } };

async function pageOf(path: string, ...requests: ReturnType<typeof fakeRequest>[]) {
  const fake = fakeApi();
  fake.requests.stepsPerLook = 0;
  for (const request of requests) fake.requests.all.set(request.id, request);
  const response = await makeApp(fake.deps).request(path, browser);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return { response, text: await response.text() };
}

describe('pages', () => {
  it('escape whatever users, providers and files are called', async () => {
    const product = fakeProducts[0];
    if (product === undefined) throw new Error('no product');
    const statistics = { [evil]: product.statistics['ndvi'] ?? fail() };
    const hostile = fakeRequest({
      id: 'x',
      name: evil,
      state: 'partial',
      warnings: [evil],
      failure: { reason: evil, message: evil, fault: 'user', retryable: false, fix: evil },
      results: [
        {
          ...product,
          label: evil,
          statistics,
          assets: { ...product.assets, cog: `results/"><b>/${evil}/x.tif` },
        },
        { ...product, statistics },
      ],
      spec: { ...fakeRequest().spec, name: evil, datetime: evil, pipeline: { index: evil } },
    });
    for (const path of ['/', '/requests/x']) {
      const { text } = await pageOf(path, hostile);
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;=cmd()');
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('"><b>');
    }
  });

  it('say where statistics by zone are, when there are some', async () => {
    const [product] = fakeProducts;
    if (product === undefined) throw new Error('no product');
    const zoned = { ...product, assets: { ...product.assets, zones: 'results/k/2024-06-01/zones.json' } };
    const withZones = await pageOf(
      '/requests/x',
      fakeRequest({ id: 'x', state: 'succeeded', results: [zoned] }),
    );
    expect(withZones.text).toContain('/requests/x/statistics"');
    expect(withZones.text).toContain('npx swath stats x --csv');
    const without = await pageOf(
      '/requests/x',
      fakeRequest({ id: 'x', state: 'succeeded', results: [product] }),
    );
    expect(without.text).not.toContain('/statistics"');
  });

  it('allow nothing to run or load but what they carry, by its hash', async () => {
    const { response, text } = await pageOf('/requests/x', fakeRequest({ id: 'x', state: 'processing' }));
    const policy = response.headers.get('content-security-policy') ?? '';
    const hash = (what: string) => `'sha256-${createHash('sha256').update(what).digest('base64')}'`;
    const inside = (tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text)?.[1] ?? '';
    expect(policy).toContain(`style-src ${hash(inside('style'))}`);
    expect(policy).toContain(`script-src ${hash(inside('script'))}`);
    expect(policy).toContain("default-src 'none'");
    expect(text).not.toMatch(/ style="| on[a-z]+="/);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
  });

  it('follow a request that runs, by script or by reloading, and leave a final one alone', async () => {
    const running = (await pageOf('/requests/x', fakeRequest({ id: 'x', state: 'processing', results: [] })))
      .text;
    expect(running).toContain('data-live="http://localhost/requests/x/events"');
    expect(running).toContain('<noscript><meta http-equiv="refresh"');
    expect(running).toContain('aria-current="step">Processing');
    expect(running).toContain('action="http://localhost/requests/x/cancel"');
    const done = (await pageOf('/requests/x', fakeRequest({ id: 'x' }))).text;
    expect(done).not.toContain('data-live');
    expect(done).not.toContain('<script>');
  });

  it('show what came out: dates, line, pictures, links', async () => {
    const { text } = await pageOf('/requests/x', fakeRequest({ id: 'x' }));
    expect(text).toContain('<td>2024-07-05</td><td>0.720</td><td>0 %</td><td>100 %</td>');
    expect(text).toContain('aria-label="Mean ndvi over dates, from 0.310 to 0.720"');
    expect(text.match(/<figure>/g)).toHaveLength(4);
    expect(text).toContain('/2024-07-05/ndvi.tif"');
    expect(text).toContain('aria-label="Colours of ndvi from ');
  });

  it('say why not, and what to do', async () => {
    const failure = {
      reason: 'ASSET_MISSING',
      message: 'The red band is gone.',
      fault: 'provider' as const,
      retryable: true,
      fix: 'Leave out the date.',
    };
    const { text } = await pageOf(
      '/requests/x',
      fakeRequest({ id: 'x', state: 'failed', results: [], failure }),
    );
    for (const words of ['The red band is gone.', 'Leave out the date.', 'ASSET_MISSING', 'Try again']) {
      expect(text).toContain(words);
    }
  });

  it('describe every route and every problem', async () => {
    const { text } = await pageOf('/api.html');
    for (const route of routes) expect(text).toContain(`id="${route.operationId}"`);
    expect(text).toContain('id="problem-Conflict"');
    const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map((m) => m[1]);
    for (const anchor of anchors) expect(text).toContain(`id="${anchor}"`);
  });

  it('go to those who prefer them, not to those who take anything', async () => {
    const app = makeApp(fakeApi().deps);
    const typeFor = async (accept: string | undefined) =>
      (await app.request('/', accept === undefined ? {} : { headers: { Accept: accept } })).headers.get(
        'content-type',
      );
    expect(await typeFor('*/*')).toBe('application/json');
    expect(await typeFor(undefined)).toBe('application/json');
    expect(await typeFor('application/json, text/html;q=0.5')).toBe('application/json');
    expect(await typeFor('text/html')).toMatch(/^text\/html/);
  });
});

describe('html', () => {
  it('escapes holes, keeps its own kind, joins lists and drops nothing', () => {
    const inner = html`<b>${'<'}</b>`;
    expect(html`<p title="${'"'}">${[inner, 'a&b', 1]}${null}</p>`.html).toBe(
      '<p title="&quot;"><b>&lt;</b>a&amp;b1</p>',
    );
  });
});

function fail(): never {
  throw new Error('no statistics');
}

import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_HOST_HEADER } from '../../lambdas/support/public-host.ts';
import { repository } from '../../lib/bundling/options.ts';

const source = join(repository, 'lib/edge-function.js');
const scratch = mkdtempSync(join(tmpdir(), 'swath-edge-'));
let handler: (event: object) => unknown;

/** The function as it is, but for the export that CloudFront does not want. */
beforeAll(async () => {
  const copy = join(scratch, 'edge.mjs');
  copyFileSync(source, copy);
  appendFileSync(copy, '\nexport { handler };\n');
  ({ handler } = (await import(pathToFileURL(copy).href)) as { handler: typeof handler });
});
afterAll(() => rmSync(scratch, { recursive: true }));

const call = (uri: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  handler({
    request: {
      method,
      uri,
      headers: Object.fromEntries(
        Object.entries({ host: 'd1.cloudfront.net', ...headers }).map(([name, value]) => [name, { value }]),
      ),
    },
  });

describe('the function at the edge', () => {
  it('sends people at the root to the site, and clients on to the API', () => {
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    expect(call('/', browser)).toMatchObject({ statusCode: 302, headers: { location: { value: '/ui/' } } });
    for (const accept of ['application/json', '*/*', 'text/html, application/json', 'application/geo+json']) {
      expect(call('/', { accept }), accept).toMatchObject({ uri: '/' });
    }
    expect(call('/')).toMatchObject({ uri: '/' });
    expect(call('/', browser, 'POST')).toMatchObject({ uri: '/' });
    expect(call('/requests/x', browser)).toMatchObject({ uri: '/requests/x' });
  });

  it('tells the API the name it was called by, whatever a caller claims', () => {
    const claimed = call('/requests', { [PUBLIC_HOST_HEADER]: 'evil.example' });
    expect(claimed).toMatchObject({ headers: { [PUBLIC_HOST_HEADER]: { value: 'd1.cloudfront.net' } } });
  });

  it('finds pages of the site', () => {
    expect(call('/ui')).toMatchObject({ statusCode: 301 });
    expect(call('/ui/')).toMatchObject({ uri: '/ui/index.html' });
    expect(call('/ui/style.css')).toMatchObject({ uri: '/ui/style.css' });
  });

  it('fits into what CloudFront allows', () => {
    expect(readFileSync(source).length).toBeLessThan(10 * 1024);
  });
});

describe('the landing page', () => {
  const site = join(repository, 'web/landing');
  const html = readFileSync(join(site, 'index.html'), 'utf8');

  it('loads nothing from elsewhere, and nothing its security policy forbids', () => {
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(html).not.toMatch(/<style|style="|<script>|onclick/);
    expect(readFileSync(join(site, 'style.css'), 'utf8')).not.toMatch(/url\(|@import/);
  });

  it('links to what there is', async () => {
    const { routes } = await import('@swath/api');
    const paths = new Set(routes.map(({ path }) => path));
    const links = [...html.matchAll(/href="(\/[^"]*)"/g)].map(([, href]) => href ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const href of links) expect(paths.has(href), href).toBe(true);
  });
});

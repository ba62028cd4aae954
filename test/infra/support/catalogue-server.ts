import { once } from 'node:events';
import { createReadStream, globSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize, relative } from 'node:path';
import * as z from 'zod';

export interface CatalogueServer {
  /** Landing page of the STAC API. */
  readonly url: string;
  /** `127.0.0.1:<port>` */
  readonly host: string;
  close(): Promise<void>;
}

const item = z.looseObject({
  type: z.literal('Feature'),
  assets: z.record(z.string(), z.looseObject({ href: z.string() })),
});

/** A STAC API over a folder of Items and their files, which it serves by ranges; a search answers all Items, filters are the client's. */
export async function serveCatalogue(folder: string): Promise<CatalogueServer> {
  const server = createServer((request, response) => {
    const host = `http://${request.headers.host}`;
    const json = (body: unknown) =>
      response.writeHead(200, { 'content-type': 'application/geo+json' }).end(JSON.stringify(body));
    const { pathname } = new URL(request.url ?? '/', host);
    request.resume();
    if (pathname === '/')
      return json({ type: 'Catalog', links: [{ rel: 'search', href: `${host}/search`, method: 'POST' }] });
    if (pathname === '/search') {
      return json({ type: 'FeatureCollection', features: itemsOf(folder, host), links: [] });
    }
    const path = join(folder, normalize(decodeURIComponent(pathname)));
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return response.writeHead(404).end();
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const facts = { 'accept-ranges': 'bytes', etag: `"${size}"`, 'content-type': 'image/tiff' };
    if (from === undefined) {
      response.writeHead(200, { ...facts, 'content-length': size });
      return request.method === 'HEAD' ? response.end() : createReadStream(path).pipe(response);
    }
    const start = Number(from);
    const end = Math.min(to === undefined || to === '' ? size - 1 : Number(to), size - 1);
    response.writeHead(206, {
      ...facts,
      'content-range': `bytes ${start}-${end}/${size}`,
      'content-length': end - start + 1,
    });
    return createReadStream(path, { start, end }).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** Items of the folder, hrefs below `base`. */
export function itemsOf(folder: string, base: string): readonly object[] {
  return globSync('**/*.json', { cwd: folder })
    .sort()
    .flatMap((file) => {
      const parsed = item.safeParse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      if (!parsed.success) return [];
      const place = relative('.', dirname(file));
      const assets = Object.entries(parsed.data.assets).map(([key, asset]) => [
        key,
        { ...asset, href: `${base}/${join(place, asset.href)}` },
      ]);
      return [{ ...parsed.data, assets: Object.fromEntries(assets), links: [] }];
    });
}

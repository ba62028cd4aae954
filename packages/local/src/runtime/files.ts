import { type ErrorCode, SwathError, toSwathError } from '@swath/core';
import { type Context, Hono } from 'hono';
import type { LocalStores } from '../stores.ts';

/**
 * `/files/...`: what `link()` of the local objects adapter and `partLink()` of the local uploads point to. Forged and
 * expired links are 404.
 */
export function fileRoutes(stores: LocalStores): Hono {
  const app = new Hono();
  app.get('/files/*', async (c) => await send(c, stores));
  app.put('/files/~part/*', async (c) => await receive(c, stores));
  return app;
}

async function receive(c: Context, stores: LocalStores): Promise<Response> {
  try {
    const { bucket, ...address } = stores.partLinks.verify(c.req.url);
    const body = c.req.raw.body ?? new Blob([]).stream();
    const etag = await stores.partUploads(bucket).receive(address, body);
    return new Response(null, { headers: { etag } });
  } catch (error) {
    const { code, message } = toSwathError(error);
    return c.json({ code, detail: message }, statusOf[code] ?? 500);
  }
}

const statusOf: Readonly<Partial<Record<ErrorCode, 400 | 404 | 413>>> = {
  NotFound: 404,
  InvalidInput: 400,
  LimitExceeded: 413,
};

async function send(c: Context, stores: LocalStores): Promise<Response> {
  try {
    const link = stores.links.verify(c.req.url);
    const objects = stores.objects.bucket(link.bucket);
    const info = await objects.head(link.key);
    if (info === undefined) throw new SwathError('NotFound', 'There is no such file.');
    const name = link.downloadName ?? link.key.slice(link.key.lastIndexOf('/') + 1);
    const bytes = await objects.get(link.key);
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': info.contentType,
        etag: `"${info.etag}"`,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
        'x-content-type-options': 'nosniff',
      },
    });
  } catch (error) {
    const { code, message } = toSwathError(error);
    return c.json({ code, detail: message }, code === 'NotFound' ? 404 : 500);
  }
}

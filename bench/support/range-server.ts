import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A file server with the latency of a bucket in another region: `node range-server.ts <folder> <delay in ms>`, as a child
 * process. Sends {port} when it listens, and {get, head, bytes} since the last time whenever a message comes.
 */
const [folder = '.', delayText = '30'] = process.argv.slice(2);
const delayMs = Number(delayText);
const open = new Map<string, { readonly fd: number; readonly sizeBytes: number }>();
let counts = { get: 0, head: 0, bytes: 0 };

function fileOf(name: string): { readonly fd: number; readonly sizeBytes: number } {
  const known = open.get(name);
  if (known !== undefined) return known;
  const fd = openSync(join(folder, basename(name)), 'r');
  const file = { fd, sizeBytes: fstatSync(fd).size };
  open.set(name, file);
  return file;
}

const server = createServer(async (request, response) => {
  const isHead = request.method === 'HEAD';
  if (isHead) counts.head++;
  else counts.get++;
  await delay(delayMs);
  try {
    const { fd, sizeBytes } = fileOf(request.url ?? '/');
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const first = Number(from ?? 0);
    const last = Math.min(to === undefined || to === '' ? sizeBytes - 1 : Number(to), sizeBytes - 1);
    const length = last - first + 1;
    response.writeHead(from === undefined ? 200 : 206, {
      'content-type': 'image/tiff',
      'accept-ranges': 'bytes',
      'content-length': String(length),
      ...(from === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${sizeBytes}` }),
      etag: `"${sizeBytes}"`,
    });
    if (isHead) return void response.end();
    const bytes = Buffer.allocUnsafe(length);
    readSync(fd, bytes, 0, length, first);
    counts.bytes += length;
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('message', () => {
  process.send?.(counts);
  counts = { get: 0, head: 0, bytes: 0 };
});
process.on('disconnect', () => {
  for (const { fd } of open.values()) closeSync(fd);
  process.exit(0);
});

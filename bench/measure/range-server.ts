import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';

/** What was asked for, by file name. */
export interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

export interface RangeServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Since the start or the last reset. */
  readonly traffic: () => Readonly<Record<string, Traffic>>;
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

/** Serves files by name and single byte ranges, on a free port of 127.0.0.1, and counts. Nothing else is served. */
export async function startRangeServer(files: Readonly<Record<string, string>>): Promise<RangeServer> {
  let counts: Record<string, Traffic> = {};
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    const path = files[name];
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (path === undefined || request.method !== 'GET' || range === null) {
      response.writeHead(path === undefined ? 404 : 400).end();
      return;
    }
    const { size } = statSync(path);
    const start = Number(range[1]);
    const end = Math.min(Number(range[2]), size - 1);
    if (start > end) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
      return;
    }
    const bytes = end - start + 1;
    const known = counts[name] ?? { requests: 0, bytes: 0 };
    counts[name] = { requests: known.requests + 1, bytes: known.bytes + bytes };
    response.writeHead(206, {
      'content-type': 'image/tiff',
      'content-length': bytes,
      'content-range': `bytes ${start}-${end}/${size}`,
      etag: `"${size}"`,
    });
    createReadStream(path, { start, end })
      .on('error', (error) => response.destroy(error))
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    traffic: () => counts,
    reset: () => {
      counts = {};
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

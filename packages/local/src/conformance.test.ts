import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  busConformance,
  objectsConformance,
  partUploadsConformance,
  queueConformance,
  tableConformance,
} from '@swath/ports/conformance/index';
import { fixedClock } from '@swath/ports/memory/clock';
import { openLocalStores } from './index.ts';
import { fileRoutes } from './runtime/files.ts';

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'swath-local-'));
  const clock = fixedClock(Date.parse('2026-11-21T00:00:00Z'));
  const stores = openLocalStores({ folder, clock, baseUrl: 'http://127.0.0.1:8080' });
  const close = async () => {
    stores.close();
    rmSync(folder, { recursive: true });
  };
  return { stores, clock, close };
}

tableConformance('local', async () => {
  const { stores, close } = openFolder();
  return { table: stores.table, close };
});

objectsConformance('local', async () => {
  const { stores, close } = openFolder();
  return { objects: stores.objects.bucket('results'), close };
});

partUploadsConformance('local, over its routes', async () => {
  const { stores, close } = openFolder();
  const app = fileRoutes(stores);
  return {
    uploads: stores.partUploads('work'),
    objects: stores.objects.bucket('work'),
    put: async (link, body) => {
      const answer = await app.request(link, { method: 'PUT', body });
      return { status: answer.status, etag: answer.headers.get('etag') };
    },
    close,
  };
});

queueConformance('local', async () => {
  const { stores, clock, close } = openFolder();
  let queues = 0;
  return {
    makeQueue: async () => stores.queues.queue(`q${++queues}`, { maxReceives: 3 }),
    advance: async (ms) => clock.advance(ms),
    close,
  };
});

busConformance('local', async () => {
  const { stores, close } = openFolder();
  return { bus: stores.bus, received: async () => stores.bus.since(0).map(({ event }) => event), close };
});

import {
  type Behaviour,
  busConformance,
  jobsConformance,
  objectsConformance,
  partUploadsConformance,
  queueConformance,
  secretsConformance,
  tableConformance,
} from '../conformance/index.ts';
import {
  envSecrets,
  fixedClock,
  memoryBus,
  memoryJobs,
  memoryObjects,
  memoryQueue,
  memorySecrets,
  memoryTable,
  partUploadsOver,
  seededRandom,
} from './index.ts';

const startMs = Date.parse('2026-11-21T00:00:00Z');

tableConformance('memory', async () => ({ table: memoryTable() }));
objectsConformance('memory', async () => ({ objects: memoryObjects() }));

partUploadsConformance('over memory', async () => {
  const objects = memoryObjects();
  const uploads = partUploadsOver({
    objects,
    parts: memoryObjects(),
    random: seededRandom(1, fixedClock(startMs)),
    link: ({ uploadId, part, sizeBytes }, expiresInS) =>
      `memory://parts/${uploadId}/${part}?size=${sizeBytes}&lasts=${expiresInS}`,
  });
  return {
    uploads,
    objects,
    put: async (link, body) => {
      const url = new URL(link);
      const [, uploadId = '', part] = url.pathname.split('/');
      const address = { uploadId, part: Number(part), sizeBytes: Number(url.searchParams.get('size')) };
      const received = uploads.receive(address, new Blob([body]).stream());
      return received.then(
        (etag) => ({ status: 200, etag }),
        () => ({ status: 400, etag: null }),
      );
    },
  };
});

for (const order of ['oldest first', 'random order'] as const) {
  queueConformance(`memory, ${order}`, async () => {
    const clock = fixedClock(startMs);
    const random = order === 'random order' ? { random: seededRandom(7, clock) } : {};
    return {
      makeQueue: async () => memoryQueue({ clock, maxReceives: 3, ...random }),
      advance: async (ms) => clock.advance(ms),
    };
  });
}

for (const start of ['auto', 'manual'] as const) {
  jobsConformance(`memory, ${start}`, async () => {
    const behaviours = new Map<string, Behaviour>();
    const jobs = memoryJobs({
      clock: fixedClock(startMs),
      start,
      run: async (job, index, { attempt, signal }) => {
        const end = behaviours.get(job.name)?.(index, attempt) ?? 1;
        if (end !== 'hang') return end;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(143));
          if (signal.aborted) resolve(143);
        });
      },
    });
    return {
      jobs,
      program: async (name, behaviour) => void behaviours.set(name, behaviour),
      settle: () => jobs.settle(),
    };
  });
}

busConformance('memory', async () => {
  const bus = memoryBus();
  return { bus, received: async () => bus.events };
});

secretsConformance('memory', async () => ({ secrets: memorySecrets({ 'planet-api': 's3cret=' }) }));
secretsConformance('environment', async () => ({
  secrets: envSecrets({ SWATH_SECRET_PLANET_API: 's3cret=' }),
}));

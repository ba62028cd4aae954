import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { startScript, temporaryFolder } from '../test/support/start.ts';

/**
 * CPU time of live previews at 512 pixels over the sample catalogue, all threads of the server together:
 * `node bench/live-preview.ts` (Linux). The first of each reads headers and masks; the others find them in memory.
 */
const ROUNDS = 5;
/** CPU time that a live preview may take: what a person waits for on one core. */
const LIMIT_MS = 1000;

const request = {
  aoi: [10.37, 48.77, 10.5, 48.85],
  datetime: '2024-05-01/2024-09-30',
  provider: 'local',
  collections: ['sample-s2-l2a'],
};
const previews = {
  'NDVI of a day': { ...request, pipeline: { index: 'NDVI' } },
  'NDVI, median of four days': { ...request, pipeline: { index: 'NDVI' }, composite: 'median' },
  'a formula without mask': {
    ...request,
    pipeline: { expression: '(nir - green) / (nir + green)' },
    mask: 'none',
  },
};

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of a process with all its threads (proc(5): fields 14 and 15 of stat). */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

const folder = temporaryFolder('live-preview');
const server = startScript('packages/cli/src/main.ts', ['up', '--port', '0', '--data', folder.path], {});
try {
  const [, url = ''] = await server.saw(/Swath is up: (http:\S+)/);
  const { pid } = server.process;
  if (pid === undefined) throw new Error('the server has no process id');
  console.log('CPU ms of a live preview of 512 pixels:'.padEnd(42), 'first   others (median)');
  for (const [title, body] of Object.entries(previews)) {
    const spent: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = cpuMs(pid);
      const answer = await fetch(`${url}/preview?width=512`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const { byteLength } = await answer.arrayBuffer();
      if (answer.status !== 200 || byteLength === 0) throw new Error(`${title}: ${answer.status}`);
      spent.push(cpuMs(pid) - before);
    }
    const [first = Number.NaN, ...others] = spent;
    const median = others.sort((a, b) => a - b)[others.length >> 1] ?? Number.NaN;
    console.log(title.padEnd(42), String(first).padStart(5), String(median).padStart(8));
    if (median > LIMIT_MS) process.exitCode = 1;
  }
} finally {
  server.process.kill('SIGTERM');
  await server.finished;
  folder.remove();
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalStores } from '@swath/local/stores';
import { systemClock } from '@swath/ports/memory/clock';

/**
 * How fast the local adapters are on this machine: `node bench/local-stores.ts [folder]`. The folder decides: the table
 * and the objects wait for its disk at each commit.
 */
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'swath-bench-'));
const stores = openLocalStores({ folder, clock: systemClock(), baseUrl: 'http://127.0.0.1' });

async function rate(name: string, count: number, step: (n: number) => Promise<unknown>): Promise<void> {
  const start = performance.now();
  for (let n = 0; n < count; n++) await step(n);
  const perSecond = (count * 1000) / (performance.now() - start);
  console.log(`${name.padEnd(44)} ${Math.round(perSecond)} /s`);
}

try {
  const blob = 'x'.repeat(500);
  await rate('table: transact (head + event, conditions)', 2_000, (n) =>
    stores.table.transact([
      { update: { pk: 'REQ#1', sk: 'HEAD' }, set: { attempt: n }, add: { events: 1 } },
      { put: { pk: 'REQ#1', sk: `EV#${n}`, blob }, if: { exists: false } },
    ]),
  );
  await rate('table: get', 20_000, () => stores.table.get({ pk: 'REQ#1', sk: 'HEAD' }));
  await rate('table: query, page of 100', 1_000, () =>
    stores.table.query({ partition: 'REQ#1', limit: 100 }),
  );
  const queue = stores.queues.queue('order');
  await rate('queue: send + receive + ack', 2_000, async () => {
    await queue.send(blob);
    const [message] = await queue.receive({ max: 1, visibilityS: 30 });
    if (message === undefined) throw new Error('nothing arrived');
    await queue.ack(message.receipt);
  });
  await rate('queue: receive, empty', 20_000, () => queue.receive({ max: 10, visibilityS: 30 }));
  const objects = stores.objects.bucket('results');
  const megabyte = new Uint8Array(1_000_000).fill(7);
  await rate('objects: put 1 MB', 200, (n) => objects.put(`o${n}`, megabyte));
  await rate('objects: put 1 kB', 500, (n) => objects.put(`s${n}`, megabyte.subarray(0, 1_000)));
  await rate('objects: get 1 MB', 1_000, (n) => objects.get(`o${n % 200}`));
  await rate('objects: getRange 16 kB', 5_000, (n) => objects.getRange(`o${n % 200}`, n, 16_384));
} finally {
  stores.close();
  rmSync(folder, { recursive: true });
}

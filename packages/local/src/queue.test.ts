import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { localQueues } from './queue.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-queue-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('what an earlier life had in hand when it died is visible at once to the next, and what was to wait waits', async () => {
  const clock = { now: () => 1000 };
  const file = join(folder, 'queues.sqlite');
  const life = localQueues({ file, clock });
  const queue = life.queue('order');
  await queue.send('in hand');
  const [held] = await queue.receive({ max: 1, visibilityS: 180 });
  expect(held?.body).toBe('in hand');
  await queue.send('later', { delayS: 60 });
  life.close();

  const next = localQueues({ file, clock });
  expect(await next.queue('order').receive({ max: 10, visibilityS: 180 })).toEqual([]);
  expect(next.takeBack()).toBe(1);
  const again = await next.queue('order').receive({ max: 10, visibilityS: 180 });
  expect(again.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([['in hand', 2]]);
  next.close();
});

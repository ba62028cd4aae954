import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@swath/core';
import type { JobEvent } from '@swath/ports';
import { describe, expect, it } from 'vitest';
import { ended, folder, job, LONG_MS, open, opened, until } from './local-jobs.fixture.ts';
import { localJobs } from './local-jobs.ts';

describe('a plain job', { timeout: LONG_MS }, () => {
  it('runs once, tells its transitions in order, and keeps what it printed', async () => {
    const events: JobEvent[] = [];
    const jobs = open(
      'console.log(process.env.GREETING, process.env.AWS_BATCH_JOB_ATTEMPT, process.env.AWS_BATCH_JOB_ARRAY_INDEX)',
      { events },
    );
    await jobs.start();
    const id = await jobs.submit(job('r1-1-acquire', { environment: { GREETING: 'hello' } }));
    expect(await ended(jobs, id)).toMatchObject({ status: 'SUCCEEDED', exitCode: 0, size: 1 });
    await until(() => events.length === 4);
    expect(events.map((event) => event.status)).toEqual(['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
    expect(readFileSync(join(folder, 'logs', id, '0-1.log'), 'utf8')).toBe('hello 1 undefined\n');
  });

  it('is submitted once however often its name is', async () => {
    const jobs = open('require("fs").appendFileSync(process.env.FOLDER + "/runs", "x")');
    const ids = await Promise.all([1, 2, 3].map(() => jobs.submit(job('same'))));
    expect(new Set(ids).size).toBe(1);
    await jobs.start();
    await ended(jobs, ids[0] ?? '');
    await jobs.submit(job('same'));
    expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('x');
  });

  it.each([
    [75, 3],
    [143, 3],
    [1, 1],
    [10, 1],
    [20, 1],
    [42, 1],
  ])('that exits with %i is tried %i times of 3', async (code, times) => {
    const jobs = open(
      `require("fs").appendFileSync(process.env.FOLDER + "/runs", process.env.AWS_BATCH_JOB_ATTEMPT); process.exit(${code})`,
    );
    await jobs.start();
    const id = await jobs.submit(job('tries'));
    expect(await ended(jobs, id)).toMatchObject({ status: 'FAILED', exitCode: code });
    expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('123'.slice(0, times));
  });

  it('that a stranger kills is retried', async () => {
    const jobs = open('if (process.env.AWS_BATCH_JOB_ATTEMPT === "1") process.kill(process.pid, "SIGKILL")');
    await jobs.start();
    expect(await ended(jobs, await jobs.submit(job('killed')))).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('that outlasts its time gets SIGTERM, then SIGKILL, and is not retried', async () => {
    const jobs = open(
      'process.on("SIGTERM", () => require("fs").appendFileSync(process.env.FOLDER + "/terms", "x")); setInterval(() => {}, 1000)',
    );
    await jobs.start();
    const id = await jobs.submit(job('slow', { timeoutS: 1 }));
    expect(await ended(jobs, id)).toMatchObject({
      status: 'FAILED',
      exitCode: 137,
      statusReason: 'Job attempt duration exceeded timeout',
    });
    expect(readFileSync(join(folder, 'terms'), 'utf8')).toBe('x');
    expect(readdirSync(join(folder, 'logs', id))).toEqual(['0-1.log']);
  });

  it('whose program does not exist fails at once with the reason', async () => {
    const jobs = localJobs({
      database: join(folder, 'jobs.sqlite'),
      command: () => ({ command: join(folder, 'nothing-here'), args: [] }),
      maxParallel: 1,
      clock: { now: () => 0 },
      onEvent: async () => {},
      log: silentLogger,
      logFolder: join(folder, 'logs'),
    });
    opened.push(jobs);
    await jobs.start();
    const info = await ended(jobs, await jobs.submit(job('absent')));
    expect(info).toMatchObject({ status: 'FAILED', exitCode: 127 });
    expect(info?.statusReason).toMatch(/^CannotStartContainerError: .*ENOENT/);
  });

  it('with an environment that no process takes fails, and those behind it run', async () => {
    const jobs = open('');
    await jobs.start();
    const bad = await jobs.submit(job('nul', { environment: { X: 'a\0b' } }));
    const good = await jobs.submit(job('after'));
    expect((await ended(jobs, bad))?.statusReason).toMatch(/^CannotStartContainerError/);
    expect(await ended(jobs, good)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('does not see the environment of the runtime', async () => {
    process.env['SWATH_TEST_CREDENTIAL'] = 'hidden';
    try {
      const jobs = open('process.exit(process.env.SWATH_TEST_CREDENTIAL === undefined ? 0 : 1)');
      await jobs.start();
      expect(await ended(jobs, await jobs.submit(job('clean')))).toMatchObject({ status: 'SUCCEEDED' });
    } finally {
      delete process.env['SWATH_TEST_CREDENTIAL'];
    }
  });
});

describe('an array job', { timeout: LONG_MS }, () => {
  it('runs each child with its index, and fails as a whole when one fails', async () => {
    const events: JobEvent[] = [];
    const jobs = open('process.exit(process.env.AWS_BATCH_JOB_ARRAY_INDEX === "2" ? 10 : 0)', { events });
    await jobs.start();
    const id = await jobs.submit(job('array', { size: 5 }));
    expect(await ended(jobs, id)).toMatchObject({
      status: 'FAILED',
      size: 5,
      children: { SUCCEEDED: 4, FAILED: 1 },
    });
    expect((await jobs.children(id)).map((child) => [child.index, child.status, child.exitCode])).toEqual([
      [0, 'SUCCEEDED', 0],
      [1, 'SUCCEEDED', 0],
      [2, 'FAILED', 10],
      [3, 'SUCCEEDED', 0],
      [4, 'SUCCEEDED', 0],
    ]);
    await until(() => events.length === 2);
    expect(events.map((event) => event.status)).toEqual(['PENDING', 'FAILED']);
  });

  it('cancelled in the middle ends its running children and starts no other', async () => {
    const jobs = open('setInterval(() => {}, 1000)');
    await jobs.start();
    const id = await jobs.submit(job('cancelled', { size: 6 }));
    await until(async () => (await jobs.describe([id]))[0]?.children?.RUNNING === 3);
    await jobs.cancel(id, 'asked to');
    await jobs.cancel(id, 'asked again');
    expect(await ended(jobs, id)).toMatchObject({ status: 'FAILED', statusReason: 'asked to' });
    expect((await jobs.children(id)).map((child) => child.statusReason)).toEqual(Array(6).fill('asked to'));
  });
});

describe('dependencies', { timeout: LONG_MS }, () => {
  it('hold a job back until they succeed', async () => {
    const jobs = open('require("fs").appendFileSync(process.env.FOLDER + "/order", process.env.STEP)');
    const first = await jobs.submit(job('first', { environment: { STEP: 'a' }, size: 2 }));
    const second = await jobs.submit(job('second', { environment: { STEP: 'b' }, dependsOn: [first] }));
    expect((await jobs.describe([second]))[0]?.status).toBe('PENDING');
    await jobs.start();
    expect(await ended(jobs, second)).toMatchObject({ status: 'SUCCEEDED' });
    expect(readFileSync(join(folder, 'order'), 'utf8')).toBe('aab');
  });

  it('that fail take everything behind them along', async () => {
    const jobs = open('process.exit(10)');
    const a = await jobs.submit(job('a'));
    const b = await jobs.submit(job('b', { dependsOn: [a], size: 2 }));
    const c = await jobs.submit(job('c', { dependsOn: [b] }));
    await jobs.start();
    for (const id of [b, c]) {
      expect(await ended(jobs, id)).toMatchObject({
        status: 'FAILED',
        statusReason: 'Dependent Job failed.',
      });
    }
  });

  it('on a job that is not there are refused, and nothing is stored', async () => {
    const jobs = open('');
    await expect(jobs.submit(job('x', { dependsOn: ['nobody'] }))).rejects.toMatchObject({
      code: 'InvalidInput',
    });
    expect(await jobs.findByName('x')).toBeUndefined();
  });
});

describe('limits', { timeout: LONG_MS }, () => {
  it.each([
    ['/size', { size: 0 }],
    ['/size', { size: 10_001 }],
    ['/attempts', { attempts: 11 }],
    ['/timeoutS', { timeoutS: 0 }],
    ['/name', { name: '../up' }],
    ['/environment', { environment: { BIG: 'x'.repeat(9000) } }],
  ])('are those of Batch: %s', async (pointer, change) => {
    await expect(open('').submit(job('limited', change))).rejects.toMatchObject({ pointer });
  });
});

describe('events', { timeout: LONG_MS }, () => {
  it('are repeated until the listener takes them, across restarts', async () => {
    const seen: string[] = [];
    const first = open('', {
      onEvent: async (event) => {
        if (event.status === 'SUCCEEDED') throw new Error('not now');
        seen.push(event.status);
      },
    });
    await first.start();
    const id = await first.submit(job('told'));
    await ended(first, id);
    await first.stop();
    opened.pop();
    const second = open('', { onEvent: async (event) => void seen.push(event.status) });
    await second.start();
    await until(() => seen.includes('SUCCEEDED'));
    expect(seen).toEqual(['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  });
});

describe('an orderly stop', { timeout: LONG_MS }, () => {
  it('puts running children back without counting the attempt', async () => {
    const first = open('setInterval(() => {}, 1000)');
    await first.start();
    const id = await first.submit(job('paused', { attempts: 1 }));
    await until(async () => (await first.describe([id]))[0]?.status === 'RUNNING');
    await first.stop();
    opened.pop();
    const second = open('');
    await second.start();
    expect(await ended(second, id)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

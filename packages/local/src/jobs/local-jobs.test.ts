import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonLogger, type Logger, silentLogger } from '@swath/core';
import type { JobEvent, SubmitJob } from '@swath/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalJobs, localJobs } from './local-jobs.ts';
import { processIdentity } from './process-identity.ts';

let folder = '';
const opened: LocalJobs[] = [];
const spawned: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-jobs-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((jobs) => jobs.stop()));
  for (const child of spawned.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Jobs whose children run `script` (CommonJS text) in Node. */
function open(
  script: string,
  options: { events?: JobEvent[]; onEvent?: (event: JobEvent) => Promise<void>; log?: Logger } = {},
): LocalJobs {
  const jobs = localJobs({
    database: join(folder, 'jobs.sqlite'),
    command: () => ({ command: process.execPath, args: ['-e', script], environment: { FOLDER: folder } }),
    maxParallel: 3,
    clock: { now: () => Date.now() },
    onEvent: options.onEvent ?? (async (event) => void options.events?.push(event)),
    log: options.log ?? silentLogger,
    logFolder: join(folder, 'logs'),
    graceMs: 300,
  });
  opened.push(jobs);
  return jobs;
}

const job = (name: string, change: Partial<SubmitJob> = {}): SubmitJob => ({
  name,
  definition: 'process',
  size: 1,
  environment: {},
  attempts: 3,
  timeoutS: 30,
  ...change,
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await condition()) return;
    await sleep(25);
  }
  throw new Error('the condition never came true');
}

async function ended(jobs: LocalJobs, id: string) {
  await until(async () => {
    const [info] = await jobs.describe([id]);
    return info?.status === 'SUCCEEDED' || info?.status === 'FAILED';
  });
  return (await jobs.describe([id]))[0];
}

describe('a plain job', () => {
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

describe('an array job', () => {
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

describe('dependencies', () => {
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

describe('limits', () => {
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

describe('events', () => {
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

describe('an orderly stop', () => {
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

describe('a crash of the runtime', () => {
  it('in the middle of an array ends the orphans, and the next life finishes every child', async () => {
    // Deaf children: they watch no parent and ignore SIGTERM, so only the next start can end them.
    const child = `
      const fs = require('fs'), index = process.env.AWS_BATCH_JOB_ARRAY_INDEX;
      process.on('SIGTERM', () => fs.appendFileSync(process.env.FOLDER + '/terms', 'x'));
      fs.writeFileSync(process.env.FOLDER + '/pid-' + index + '-' + process.env.AWS_BATCH_JOB_ATTEMPT, String(process.pid));
      if (process.env.AWS_BATCH_JOB_ATTEMPT === '1' && index > 1 && index < 5) setInterval(() => {}, 1000);`;
    const runtime = join(folder, 'runtime.mjs');
    writeFileSync(
      runtime,
      `import { localJobs } from ${JSON.stringify(resolve(import.meta.dirname, 'local-jobs.ts'))};
       const log = { info() {}, warn() {}, error() {} };
       const jobs = localJobs({
         database: ${JSON.stringify(join(folder, 'jobs.sqlite'))}, maxParallel: 3, log,
         command: () => ({ command: process.execPath, args: ['-e', ${JSON.stringify(child)}],
           environment: { FOLDER: ${JSON.stringify(folder)} } }),
         clock: { now: () => Date.now() }, onEvent: async () => {}, logFolder: ${JSON.stringify(join(folder, 'logs'))},
       });
       await jobs.start();
       console.log(await jobs.submit({ name: 'crash', definition: 'process', size: 6, environment: {}, attempts: 3, timeoutS: 60 }));`,
    );
    const first = spawn(process.execPath, [runtime], { stdio: ['ignore', 'pipe', 'inherit'] });
    spawned.push(first);
    let id = '';
    first.stdout?.on('data', (text) => {
      id += String(text).trim();
    });
    const pids = () =>
      readdirSync(folder)
        .filter((name) => name.startsWith('pid-'))
        .map((name) => Number(readFileSync(join(folder, name), 'utf8')));
    await until(() => id !== '' && pids().length === 5 && pids().every((pid) => pid > 0));
    first.kill('SIGKILL');
    await until(() => first.signalCode === 'SIGKILL');
    const orphans = pids();
    expect((await Promise.all(orphans.map(processIdentity))).filter(Boolean)).toHaveLength(3);

    const lines: string[] = [];
    const second = open(child, {
      log: jsonLogger(
        (line) => lines.push(line),
        () => 0,
      ),
    });
    await second.start();
    expect((await Promise.all(orphans.map(processIdentity))).filter(Boolean)).toEqual([]);
    expect(lines.filter((line) => line.includes('Job:Orphan:Ended'))).toHaveLength(3);
    expect(await ended(second, id)).toMatchObject({ status: 'SUCCEEDED', children: { SUCCEEDED: 6 } });
    expect(readFileSync(join(folder, 'terms'), 'utf8')).toBe('xxx');
  });

  it('leaves a stranger alone who got the pid of a lost child', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    spawned.push(bystander);
    const { DatabaseSync } = await import('node:sqlite');
    const first = open('');
    const id = await first.submit(job('reused'));
    await first.stop();
    opened.pop();
    const database = new DatabaseSync(join(folder, 'jobs.sqlite'));
    database.exec(`UPDATE job_child SET status = 'RUNNING', started = 1;
      INSERT INTO job_attempt (job_id, child, attempt, pid, identity, started_ms)
      VALUES ('${id}', 0, 1, ${bystander.pid}, 'linux:an-earlier-boot:12345', 0)`);
    database.close();
    const second = open('');
    await second.start();
    expect(await ended(second, id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(bystander.exitCode).toBeNull();
    expect(await processIdentity(bystander.pid ?? 0)).toBeDefined();
  });
});

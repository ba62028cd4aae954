import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { jsonLogger } from '@swath/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended, folder, job, LONG_MS, open, opened, spawned, until } from './local-jobs.fixture.ts';
import { processIdentity } from './process-identity.ts';

describe('a crash of the runtime', { timeout: LONG_MS }, () => {
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
    onTestFinished(async () => {
      // Deaf as they are, nothing else ends them when this test fails.
      const left = (await Promise.all(orphans.map(processIdentity))).flatMap((who, at) =>
        who ? [orphans[at]!] : [],
      );
      for (const pid of left) process.kill(pid, 'SIGKILL');
    });
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

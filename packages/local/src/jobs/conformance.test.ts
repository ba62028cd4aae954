import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '@swath/core';
import { isFinalJobStatus } from '@swath/ports';
import { type Behaviour, jobsConformance } from '@swath/ports/conformance/jobs';
import { localJobs } from './local-jobs.ts';

/** Children of an array and attempts that the suite looks at, at most. */
const CHILDREN = 3;
const ATTEMPTS = 10;

/** Ends as the program file says for this child and attempt. */
const child = `
  const program = JSON.parse(require('fs').readFileSync(process.env.PROGRAM, 'utf8'));
  const does = program[process.env.AWS_BATCH_JOB_ARRAY_INDEX ?? 0][process.env.AWS_BATCH_JOB_ATTEMPT - 1];
  if (does === 'hang') setInterval(() => {}, 1000);
  else process.exit(does);`;

jobsConformance('local', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-jobs-'));
  const submitted: string[] = [];
  const jobs = localJobs({
    database: join(folder, 'jobs.sqlite'),
    command: () => ({ command: process.execPath, args: ['-e', child] }),
    maxParallel: 2,
    clock: { now: () => Date.now() },
    onEvent: async () => {},
    log: silentLogger,
    logFolder: join(folder, 'logs'),
    graceMs: 1000,
  });
  await jobs.start();
  const programOf = (jobName: string) => join(folder, `${jobName}.json`);
  return {
    jobs: {
      ...jobs,
      submit: async (job) => {
        const environment = { ...job.environment, PROGRAM: programOf(job.name) };
        const id = await jobs.submit({ ...job, environment });
        submitted.push(id);
        return id;
      },
    },
    program: async (jobName, behaviour: Behaviour) => {
      const table = Array.from({ length: CHILDREN }, (_, index) =>
        Array.from({ length: ATTEMPTS }, (__, attempt) => behaviour(index, attempt + 1)),
      );
      writeFileSync(programOf(jobName), JSON.stringify(table));
    },
    settle: async () => {
      while ((await jobs.describe(submitted)).some((info) => !isFinalJobStatus(info.status))) await sleep(20);
    },
    close: async () => {
      await jobs.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

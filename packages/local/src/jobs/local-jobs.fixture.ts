import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, silentLogger } from '@swath/core';
import type { JobEvent, SubmitJob } from '@swath/ports';
import { afterEach, beforeEach } from 'vitest';
import { type LocalJobs, localJobs } from './local-jobs.ts';

/** Jobs of small scripts; its hooks make a folder for every test and end what the test left running. */
/** Time-out of tests that start processes, on however busy a machine. */
export const LONG_MS = 120_000;

export let folder = '';
export const opened: LocalJobs[] = [];
export const spawned: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swath-jobs-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((jobs) => jobs.stop()));
  for (const child of spawned.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Jobs whose children run `script` (CommonJS text) in Node. */
export function open(
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

export const job = (name: string, change: Partial<SubmitJob> = {}): SubmitJob => ({
  name,
  definition: 'process',
  size: 1,
  environment: {},
  attempts: 3,
  timeoutS: 30,
  ...change,
});

/** Waits for a minute at most: long for any machine, and shorter than {@link LONG_MS}. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2400; tries++) {
    if (await condition()) return;
    await sleep(25);
  }
  throw new Error('the condition never came true');
}

export async function ended(jobs: LocalJobs, id: string) {
  await until(async () => {
    const [info] = await jobs.describe([id]);
    return info?.status === 'SUCCEEDED' || info?.status === 'FAILED';
  });
  return (await jobs.describe([id]))[0];
}

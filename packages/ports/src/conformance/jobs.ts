import { expect } from 'vitest';
import { isFinalJobStatus } from '../job-rules.ts';
import type { JobStatus, Jobs, SubmitJob } from '../jobs.ts';
import { codeOf, type SuiteOptions, suite, uniqueName } from './support.ts';

/** What the test's program does in one attempt of one child: ends with a code, or runs until it is told to stop. */
export type Behaviour = (index: number, attempt: number) => number | 'hang';

export interface JobsFixture {
  readonly jobs: Jobs;
  /** Says what the job of this name will do; called before it is submitted. Absent where nothing is executed. */
  readonly program?: (jobName: string, behaviour: Behaviour) => Promise<void>;
  /** Until every job that does not hang has ended. */
  settle(): Promise<void>;
  readonly close?: () => Promise<void>;
}

/** What every Jobs promises. Without `program` only what needs no execution is tested. */
export function jobsConformance(
  name: string,
  makeFixture: () => Promise<JobsFixture>,
  options: SuiteOptions & { readonly executes?: boolean } = {},
): void {
  suite(`Jobs: ${name}`, makeFixture, options, ({ test }) => {
    test('knows a job by its id and its name', async (fixture) => {
      const job = await start(fixture, {}, () => 0);
      const id = await fixture.jobs.submit(job);
      const [info] = await fixture.jobs.describe([id]);
      expect(info).toMatchObject({ id, name: job.name, size: 1 });
      expect(Number.isNaN(Date.parse(info?.createdAt ?? ''))).toBe(false);
      expect((await fixture.jobs.findByName(job.name))?.id).toBe(id);
      expect(await fixture.jobs.findByName(`${job.name}x`)).toBeUndefined();
      expect(await fixture.jobs.findByName(job.name.slice(0, -1))).toBeUndefined();
    });

    test('submits once by name, also after the job has ended', async (fixture) => {
      const job = await start(fixture, {}, () => 0);
      const id = await fixture.jobs.submit(job);
      expect(await fixture.jobs.submit(job)).toBe(id);
      await fixture.settle();
      expect(await fixture.jobs.submit(job)).toBe(id);
    });

    test('describes only what it knows', async ({ jobs }) => {
      expect(await jobs.describe(['00000000-0000-0000-0000-000000000000'])).toEqual([]);
      expect(await jobs.describe([])).toEqual([]);
    });

    test('refuses what Batch would refuse', async ({ jobs }) => {
      const wrong = (change: Partial<SubmitJob>) => codeOf(jobs.submit({ ...plainJob(), ...change }));
      expect(await wrong({ name: 'no spaces' })).toBe('InvalidInput');
      expect(await wrong({ name: 'x'.repeat(129) })).toBe('InvalidInput');
      expect(await wrong({ size: 0 })).toBe('InvalidInput');
      expect(await wrong({ size: 10_001 })).toBe('InvalidInput');
      expect(await wrong({ attempts: 11 })).toBe('InvalidInput');
      expect(await wrong({ environment: { BIG: 'x'.repeat(8_192) } })).toBe('LimitExceeded');
    });

    if (options.executes === false) return;

    test('runs a job to its end and says how it ended', async (fixture) => {
      const good = await fixture.jobs.submit(await start(fixture, {}, () => 0));
      const bad = await fixture.jobs.submit(await start(fixture, { attempts: 3 }, () => 10));
      await fixture.settle();
      const [first, second] = await fixture.jobs.describe([good, bad]);
      expect(first).toMatchObject({ status: 'SUCCEEDED', exitCode: 0, stoppedAt: expect.any(String) });
      expect(second).toMatchObject({ status: 'FAILED', exitCode: 10, stoppedAt: expect.any(String) });
      expect(await fixture.jobs.children(good)).toMatchObject([{ index: 0, status: 'SUCCEEDED' }]);
    });

    test('runs every child of an array and fails when one fails', async (fixture) => {
      const seen: number[] = [];
      const job = await start(fixture, { size: 3 }, (index) => {
        seen.push(index);
        return index === 1 ? 20 : 0;
      });
      const id = await fixture.jobs.submit(job);
      await fixture.settle();
      const [info] = await fixture.jobs.describe([id]);
      expect(info).toMatchObject({ size: 3, status: 'FAILED', children: { SUCCEEDED: 2, FAILED: 1 } });
      const children = await fixture.jobs.children(id);
      expect(children.map(({ index, status, exitCode }) => [index, status, exitCode])).toEqual([
        [0, 'SUCCEEDED', 0],
        [1, 'FAILED', 20],
        [2, 'SUCCEEDED', 0],
      ]);
    });

    test('tries again after a passing trouble, as often as allowed', async (fixture) => {
      const cures = await start(fixture, { attempts: 3 }, (_, attempt) => (attempt < 3 ? 75 : 0));
      const never = await start(fixture, { attempts: 2 }, (_, attempt) => (attempt < 3 ? 143 : 0));
      const bug = await start(fixture, { attempts: 3 }, (_, attempt) => (attempt === 1 ? 1 : 0));
      const ids = [];
      for (const job of [cures, never, bug]) ids.push(await fixture.jobs.submit(job));
      await fixture.settle();
      const statuses = (await fixture.jobs.describe(ids)).map((info) => [info.status, info.exitCode]);
      expect(statuses).toEqual([
        ['SUCCEEDED', 0],
        ['FAILED', 143],
        ['FAILED', 1],
      ]);
    });

    test('starts a job after the jobs it depends on, and never when one fails', async (fixture) => {
      const first = await fixture.jobs.submit(await start(fixture, {}, () => 0));
      const failing = await fixture.jobs.submit(await start(fixture, {}, () => 10));
      const after = await fixture.jobs.submit(await start(fixture, { dependsOn: [first] }, () => 0));
      const orphan = await fixture.jobs.submit(
        await start(fixture, { dependsOn: [first, failing] }, () => 0),
      );
      await fixture.settle();
      const statuses = (await fixture.jobs.describe([after, orphan])).map((info) => info.status);
      expect(statuses).toEqual(['SUCCEEDED', 'FAILED']);
    });

    test('cancels what waits and what runs, more than once if need be', async (fixture) => {
      const running = await fixture.jobs.submit(await start(fixture, { size: 2, attempts: 3 }, () => 'hang'));
      const waiting = await fixture.jobs.submit(await start(fixture, { dependsOn: [running] }, () => 0));
      await fixture.jobs.cancel(waiting, 'not needed');
      await fixture.jobs.cancel(running, 'the user said so');
      await fixture.jobs.cancel(running, 'again');
      await fixture.settle();
      const [first, second] = await fixture.jobs.describe([running, waiting]);
      expect([first?.status, second?.status]).toEqual(['FAILED', 'FAILED']);
      expect(second?.statusReason).toContain('not needed');
      await fixture.jobs.cancel(running, 'after the end');
      expect((await fixture.jobs.describe([running]))[0]?.status).toBe('FAILED');
    });

    test('leaves a job alone that has succeeded', async (fixture) => {
      const id = await fixture.jobs.submit(await start(fixture, {}, () => 0));
      await fixture.settle();
      await fixture.jobs.cancel(id, 'too late');
      const [info] = await fixture.jobs.describe([id]);
      const status: JobStatus | undefined = info?.status;
      expect(status !== undefined && isFinalJobStatus(status) && status).toBe('SUCCEEDED');
    });
  });
}

function plainJob(): SubmitJob {
  return {
    name: uniqueName('job'),
    definition: 'process',
    size: 1,
    environment: { SWATH_MANIFEST: 'staging/x/1/process.json' },
    attempts: 1,
    timeoutS: 60,
  };
}

async function start(
  fixture: JobsFixture,
  change: Partial<SubmitJob>,
  behaviour: Behaviour,
): Promise<SubmitJob> {
  const job = { ...plainJob(), ...change };
  await fixture.program?.(job.name, behaviour);
  return job;
}

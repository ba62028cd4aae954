import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import { isFinalJobStatus, type SubmitJob } from '@swath/ports';
import { jobsConformance } from '@swath/ports/conformance/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchJobs } from './jobs.ts';
import { clientConfig, type EmulatorServer, findMoto, startMoto } from './testing/servers.ts';

const moto = findMoto();
const names = { acquire: 'acquire', process: 'process', publish: 'publish' } as const;

/** Batch in moto without Docker: every job succeeds at once. */
async function startBatch() {
  const server = await startMoto(moto ?? '');
  const simple = { method: 'POST', body: JSON.stringify({ batch: { use_docker: false } }) };
  await (await fetch(`${server.endpoint}/moto-api/config`, simple)).text();
  const client = new BatchClient(clientConfig(server));
  const environment = await client.send(
    new CreateComputeEnvironmentCommand({
      computeEnvironmentName: 'spot',
      type: 'UNMANAGED',
      state: 'ENABLED',
      serviceRole: await createRole(server),
    }),
  );
  await client.send(
    new CreateJobQueueCommand({
      jobQueueName: 'jobs',
      state: 'ENABLED',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.computeEnvironmentArn }],
    }),
  );
  for (const jobDefinitionName of Object.values(names)) {
    const resourceRequirements = [
      { type: 'VCPU' as const, value: '1' },
      { type: 'MEMORY' as const, value: '2048' },
    ];
    const containerProperties = { image: 'swath', resourceRequirements };
    await client.send(
      new RegisterJobDefinitionCommand({ jobDefinitionName, type: 'container', containerProperties }),
    );
  }
  return { server, client, jobs: batchJobs({ client, jobQueue: 'jobs', definitions: names }) };
}

/** Batch in moto wants a role that exists; the SDK's IAM client would be a dependency for this one call. */
async function createRole(server: EmulatorServer): Promise<string> {
  const scope = 'Credential=test/20260101/us-east-1/iam/aws4_request';
  const answer = await fetch(server.endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: 'batch',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    }),
  });
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
  if (arn === undefined) throw new Error('moto made no role');
  return arn;
}

async function stop({ client, server }: { client: BatchClient; server: EmulatorServer }): Promise<void> {
  client.destroy();
  await server.stop();
}

describe.skipIf(moto === undefined)('moto', () => {
  jobsConformance(
    'aws, against moto',
    async () => {
      const batch = await startBatch();
      return { jobs: batch.jobs, settle: async () => {}, close: () => stop(batch) };
    },
    { timeoutMs: 60_000, executes: false },
  );

  describe('batchJobs', () => {
    let batch: Awaited<ReturnType<typeof startBatch>>;
    beforeAll(async () => {
      batch = await startBatch();
    }, 60_000);
    afterAll(() => stop(batch));

    const job = (change: Partial<SubmitJob> & { readonly name: string }): SubmitJob => ({
      definition: 'process',
      size: 1,
      environment: { SWATH_MANIFEST: 'staging/r/1/process.json' },
      attempts: 3,
      timeoutS: 5,
      ...change,
    });

    it('asks Batch for the retry rules, the least time-out and the environment', async () => {
      const sent: unknown[] = [];
      batch.client.middlewareStack.add(
        (next) => (call) => {
          sent.push(call.input);
          return next(call);
        },
        { step: 'initialize', name: 'record' },
      );
      await batch.jobs.submit(job({ name: 'r1-1-process', size: 3, dependsOn: [] }));
      batch.client.middlewareStack.remove('record');
      expect(sent.at(-1)).toMatchObject({
        jobName: 'r1-1-process',
        jobQueue: 'jobs',
        jobDefinition: 'process',
        arrayProperties: { size: 3 },
        retryStrategy: { attempts: 3 },
        timeout: { attemptDurationSeconds: 60 },
        containerOverrides: { environment: [{ name: 'SWATH_MANIFEST', value: 'staging/r/1/process.json' }] },
      });
      const rules: unknown = sent.at(-1);
      expect(JSON.stringify(rules)).toContain('{"onReason":"*","action":"EXIT"}]');
    });

    it('tells the children of an array by index', async () => {
      const id = await batch.jobs.submit(job({ name: 'r2-1-process', size: 12 }));
      expect(await batch.jobs.children(id)).toMatchObject(
        Array.from({ length: 12 }, (_, index) => ({ index, status: 'SUCCEEDED' })),
      );
      expect((await batch.jobs.describe([id]))[0]).toMatchObject({ size: 12, name: 'r2-1-process' });
      expect(await batch.jobs.children('no-such-job')).toEqual([]);
    });

    it('describes more jobs than Batch does at once', async () => {
      const id = await batch.jobs.submit(job({ name: 'r3-1-process' }));
      const many = [...Array.from({ length: 150 }, (_, n) => `no-such-job-${n}`), id];
      expect((await batch.jobs.describe(many)).map((info) => info.id)).toEqual([id]);
    });

    it('leaves alone what has ended and what it does not know', async () => {
      const id = await batch.jobs.submit(job({ name: 'r4-1-publish', definition: 'publish' }));
      await batch.jobs.cancel(id, 'too late');
      await batch.jobs.cancel('no-such-job', 'never was');
      const [info] = await batch.jobs.describe([id]);
      expect(info !== undefined && isFinalJobStatus(info.status) && info.status).toBe('SUCCEEDED');
      expect((await batch.jobs.children(id)).map((child) => child.index)).toEqual([0]);
    });
  });
});

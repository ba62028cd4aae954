import { BatchClient } from '@aws-sdk/client-batch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SwathError } from '@swath/core';
import { type BusEvent, failedWrites } from '@swath/ports';
import { describe, expect, it } from 'vitest';
import { eventBridgeBus } from './bus.ts';
import { batchJobs } from './jobs.ts';
import { s3Objects } from './objects.ts';
import { dynamoTable } from './table.ts';
import {
  bodyText,
  jsonError,
  lostAnswer,
  noPauses,
  type ScriptedAnswer,
  type SentRequest,
  scriptedNetwork,
  xmlError,
} from './testing/scripted.ts';

const put = [{ put: { pk: 'a', sk: 'a' }, if: { exists: false } }] as const;

function tableOn(answer: (request: SentRequest, n: number) => ScriptedAnswer) {
  const network = scriptedNetwork(answer);
  const client = new DynamoDBClient(network.config);
  return { table: dynamoTable({ tableName: 't', client, random: noPauses }), requests: network.requests };
}

function objectsOn(answer: (request: SentRequest, n: number) => ScriptedAnswer) {
  const network = scriptedNetwork(answer);
  const client = new S3Client({ ...network.config, forcePathStyle: true });
  return { objects: s3Objects({ client, bucket: 'b', random: noPauses }), requests: network.requests };
}

async function errorOf(promise: Promise<unknown>): Promise<SwathError> {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof SwathError)) throw new Error('no SwathError', { cause: error });
  return error;
}

const cancelled = (...codes: string[]) =>
  jsonError('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
const done: ScriptedAnswer = {
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: '{}',
};

describe('dynamoTable', () => {
  it('repeats what met another transaction, under the same token', async () => {
    const { table, requests } = tableOn((_, n) => (n < 3 ? cancelled('TransactionConflict') : done));
    await table.transact(put);
    const tokens = requests.map((request) => {
      const body: unknown = JSON.parse(bodyText(request));
      return (
        typeof body === 'object' && body !== null && 'ClientRequestToken' in body && body.ClientRequestToken
      );
    });
    expect(tokens).toEqual(Array(4).fill(noPauses.id()));
  });

  it('gives up after eight tries, as Throttled', async () => {
    const { table, requests } = tableOn(() => cancelled('TransactionConflict'));
    const error = await errorOf(table.transact(put));
    expect([error.code, error.retryAfterMs, requests.length]).toEqual(['Throttled', 1_000, 8]);
  });

  it('repeats a throttled transaction too', async () => {
    const { table } = tableOn((_, n) => (n === 0 ? cancelled('None', 'ThrottlingError') : done));
    await table.transact(put);
  });

  it('says Conflict at once when a condition failed, whatever else there was', async () => {
    const { table, requests } = tableOn(() =>
      cancelled('TransactionConflict', 'ConditionalCheckFailed', 'None'),
    );
    const error = await errorOf(table.transact(put));
    expect([error.code, failedWrites(error), requests.length]).toEqual(['Conflict', [1], 1]);
  });

  it.each([
    ['a lost answer', lostAnswer, 'Unavailable'],
    ['an internal error', () => ({ ...jsonError('InternalServerError'), status: 500 }), 'Unavailable'],
    ['a missing table', () => jsonError('ResourceNotFoundException'), 'Unavailable'],
    ['refused credentials', () => jsonError('AccessDeniedException'), 'Unavailable'],
    ['throttling', () => jsonError('ProvisionedThroughputExceededException'), 'Throttled'],
    ['a call that makes no sense', () => jsonError('ValidationException'), 'Bug'],
  ] as const)('tags %s', async (_, answer, code) => {
    expect((await errorOf(tableOn(answer).table.transact(put))).code).toBe(code);
    expect((await errorOf(tableOn(answer).table.get({ pk: 'a', sk: 'a' }))).code).toBe(code);
    expect((await errorOf(tableOn(answer).table.query({ partition: 'a' }))).code).toBe(code);
  });
});

describe('s3Objects', () => {
  const body = new Uint8Array([1, 2, 3]);
  const stored: ScriptedAnswer = { status: 200, headers: { etag: '"e"' } };
  const headOf = (putId: string): ScriptedAnswer => ({
    status: 200,
    headers: {
      etag: '"e"',
      'content-length': '3',
      'x-amz-meta-swath-sha256': '0'.repeat(64),
      'x-amz-meta-swath-put': putId,
    },
  });

  it('repeats a conditional put that S3 answers 409', async () => {
    const { objects, requests } = objectsOn((_, n) =>
      n < 2 ? xmlError(409, 'ConditionalRequestConflict') : stored,
    );
    await objects.put('k', body, { ifAbsent: true });
    expect(requests.map((request) => [request.method, request.headers['if-none-match']])).toEqual(
      Array(3).fill(['PUT', '*']),
    );
  });

  it('gives up on 409 after eight tries, as Unavailable', async () => {
    const { objects, requests } = objectsOn(() => xmlError(409, 'ConditionalRequestConflict'));
    expect((await errorOf(objects.put('k', body, { ifAbsent: true }))).code).toBe('Unavailable');
    expect(requests).toHaveLength(8);
  });

  it('knows its own object again when the answer to the put was lost', async () => {
    const { objects } = objectsOn((request) =>
      request.method === 'HEAD' ? headOf(noPauses.id()) : xmlError(412, 'PreconditionFailed'),
    );
    expect(await objects.put('k', body, { ifAbsent: true })).toMatchObject({ key: 'k', sizeBytes: 3 });
  });

  it('says Conflict when the object is of another put, were its content the same', async () => {
    const { objects } = objectsOn((request) =>
      request.method === 'HEAD' ? headOf('another') : xmlError(412, 'PreconditionFailed'),
    );
    expect((await errorOf(objects.put('k', body, { ifAbsent: true }))).code).toBe('Conflict');
  });

  it('never takes a missing bucket for a missing object', async () => {
    const { objects } = objectsOn(() => xmlError(404, 'NoSuchBucket'));
    expect((await errorOf(objects.get('k'))).code).toBe('Unavailable');
  });

  it.each([
    ['a lost answer', lostAnswer, 'Unavailable'],
    ['SlowDown', () => xmlError(503, 'SlowDown'), 'Throttled'],
    ['AccessDenied', () => xmlError(403, 'AccessDenied'), 'Unavailable'],
    ['BadDigest', () => xmlError(400, 'BadDigest'), 'Corrupt'],
  ] as const)('tags %s', async (_, answer, code) => {
    expect((await errorOf(objectsOn(answer).objects.put('k', body))).code).toBe(code);
  });

  it('aborts an upload in parts when one of them fails, and says why', async () => {
    async function* long() {
      for (let i = 0; i < 40; i++) yield new Uint8Array(1_000_000);
    }
    const { objects, requests } = objectsOn((request) => {
      if (request.method === 'POST') {
        const UploadId = '<UploadId>u1</UploadId>';
        return {
          status: 200,
          body: `<InitiateMultipartUploadResult>${UploadId}</InitiateMultipartUploadResult>`,
        };
      }
      return request.method === 'PUT' ? xmlError(500, 'InternalError') : { status: 204 };
    });
    const error = await errorOf(objects.put('k', long(), { sha256: '0'.repeat(64) }));
    expect(error.code).toBe('Unavailable');
    expect(requests.at(-1)?.method).toBe('DELETE');
  });
});

describe('eventBridgeBus', () => {
  const event = (n: number): BusEvent => {
    return { type: 'T', id: `e${n}`, time: '2026-11-21T00:00:00Z', detail: { n } };
  };
  const answerWith = (refuse: (n: number, entry: number) => boolean) => (request: SentRequest, n: number) => {
    const body: unknown = JSON.parse(bodyText(request));
    const entries =
      typeof body === 'object' && body !== null && 'Entries' in body && Array.isArray(body.Entries)
        ? body.Entries
        : [];
    const Entries = entries.map((_, entry) =>
      refuse(n, entry) ? { ErrorCode: 'ThrottlingException' } : { EventId: `${n}-${entry}` },
    );
    return { ...done, body: JSON.stringify({ FailedEntryCount: 0, Entries }) };
  };
  const busOn = (refuse: (n: number, entry: number) => boolean) => {
    const network = scriptedNetwork(answerWith(refuse));
    const client = new EventBridgeClient(network.config);
    return {
      bus: eventBridgeBus({ client, busName: 'swath', random: noPauses }),
      requests: network.requests,
    };
  };
  const idsIn = (request: SentRequest | undefined) =>
    [...(request === undefined ? '' : bodyText(request)).matchAll(/eventId\\":\\"(e\d+)/g)].map(
      (match) => match[1],
    );

  it('sends again only what was refused', async () => {
    const { bus, requests } = busOn((n, entry) => n === 0 && entry % 2 === 1);
    await bus.publish([event(0), event(1), event(2), event(3)]);
    expect(requests.map(idsIn)).toEqual([
      ['e0', 'e1', 'e2', 'e3'],
      ['e1', 'e3'],
    ]);
  });

  it('gives up after six tries, as Throttled', async () => {
    const { bus, requests } = busOn(() => true);
    expect((await errorOf(bus.publish([event(0)]))).code).toBe('Throttled');
    expect(requests).toHaveLength(6);
  });

  it('sends at most ten events and 256 KB at once', async () => {
    const { bus, requests } = busOn(() => false);
    await bus.publish(Array.from({ length: 21 }, (_, n) => event(n)));
    expect(requests.map((request) => idsIn(request).length)).toEqual([10, 10, 1]);
    const big = { ...event(0), detail: { blob: 'x'.repeat(150_000) } };
    await bus.publish([big, big]);
    expect(requests).toHaveLength(5);
    const tooBig = { ...event(0), detail: { blob: 'x'.repeat(262_144) } };
    expect((await errorOf(bus.publish([tooBig]))).code).toBe('LimitExceeded');
  });
});

describe('batchJobs', () => {
  const answers: Readonly<Record<string, string>> = {
    '/v1/listjobs': '{"jobSummaryList":[]}',
    '/v1/submitjob': '{"jobId":"j-1","jobName":"n"}',
  };
  const job = { name: 'n', size: 1, environment: {}, attempts: 1, timeoutS: 60 } as const;
  const jobsOn = (jobQueue: Parameters<typeof batchJobs>[0]['jobQueue']) => {
    const network = scriptedNetwork((request) => ({ ...done, body: answers[request.path] ?? '{}' }));
    const definitions = { acquire: 'a', process: 'p', publish: 'q' };
    const jobs = batchJobs({ client: new BatchClient(network.config), jobQueue, definitions });
    const sent = (path: string) =>
      network.requests
        .filter((request) => request.path === path)
        .map((request): unknown => JSON.parse(bodyText(request)));
    return { jobs, sent };
  };

  it('submits to the queue of the definition, under its share, after a look into every queue', async () => {
    const { jobs, sent } = jobsOn({ acquire: 'fargate', process: 'ec2', publish: 'fargate' });
    expect(await jobs.submit({ ...job, definition: 'process', share: 'share7' })).toBe('j-1');
    expect(sent('/v1/submitjob')).toMatchObject([
      { jobQueue: 'ec2', jobDefinition: 'p', shareIdentifier: 'share7' },
    ]);
    expect(sent('/v1/listjobs')).toMatchObject([{ jobQueue: 'fargate' }, { jobQueue: 'ec2' }]);
  });

  it('submits without a share to a queue that knows none', async () => {
    const { jobs, sent } = jobsOn('jobs');
    await jobs.submit({ ...job, definition: 'acquire' });
    expect(sent('/v1/submitjob')).toMatchObject([{ jobQueue: 'jobs' }]);
    expect(sent('/v1/submitjob')[0]).not.toHaveProperty('shareIdentifier');
    expect(sent('/v1/listjobs')).toHaveLength(1);
  });
});

describe('retention of objects', () => {
  it.each([
    [{ keepDays: 30 }, 'swath-retention-days=30'],
    [{}, undefined],
  ])('of %j is a tag of %s', async (options, tag) => {
    const { objects, requests } = objectsOn(() => ({ status: 200, headers: { etag: '"e"' }, body: '' }));
    await objects.put('results/a', new Uint8Array(1), { ifAbsent: true, ...options });
    expect(requests[0]?.headers['x-amz-tagging']).toBe(tag);
  });
});

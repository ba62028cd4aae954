import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { partUploadClient, s3Objects, s3PartUploads } from '@swath/aws';
import { clientConfig, findMoto, startMoto } from '@swath/aws/testing/servers';
import { sha256Hex, silentLogger } from '@swath/core';
import { fixedClock, memoryQueue, memoryTable, seededRandom } from '@swath/ports/memory/index';
import { beginUpload, completeUpload, deleteUpload, getUpload, type UploadDeps } from '@swath/uploads';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { double, greyIfd, makeTiff, short } from '../../test/support/tiff-fixture.ts';
import { makeHandler } from './handler.ts';

const moto = findMoto();

const eventOf = (...bodies: readonly string[]) =>
  ({ Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) }) as unknown as SQSEvent;

const place = [
  double(33_550, 10, 10, 0),
  double(33_922, 0, 0, 0, 600_000, 5_800_000, 0),
  short(34_735, 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_631),
];

describe.skipIf(moto === undefined)('the uploads handler over S3', () => {
  let deps: UploadDeps & { readonly queue: ReturnType<typeof memoryQueue> };
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const server = await startMoto(moto ?? '');
    const client = partUploadClient(clientConfig(server));
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const };
    for (const Bucket of ['work', 'raw']) {
      await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    }
    const clock = fixedClock(Date.parse('2026-01-01T00:00:00Z'));
    const objects = (bucket: string) => s3Objects({ client, bucket });
    deps = {
      table: memoryTable(),
      quarantine: objects('work'),
      partUploads: s3PartUploads({ client, bucket: 'work' }),
      kept: objects('raw'),
      results: objects('raw'),
      queue: memoryQueue({ clock, maxReceives: 5 }),
      clock,
      random: seededRandom(1, clock),
      log: silentLogger,
    };
    stop = async () => {
      client.destroy();
      await server.stop();
    };
  }, 60_000);
  afterAll(() => stop());

  const spec = { fileName: 'field.tif', collection: 'fields', datetime: '2024-06-01' };

  /** By the links alone, as anybody would; then what Lambda would be called with. */
  async function bring(bytes: Uint8Array<ArrayBuffer>, more: object = {}) {
    const begun = await beginUpload(deps, 'user:p0:x', { ...spec, sizeBytes: bytes.length, ...more });
    const parts: { part: number; etag: string }[] = [];
    for (const { part, sizeBytes, url } of begun.links) {
      const from = (part - 1) * begun.partSizeBytes;
      const answer = await fetch(url, { method: 'PUT', body: bytes.subarray(from, from + sizeBytes) });
      expect(answer.status).toBe(200);
      parts.push({ part, etag: answer.headers.get('etag') ?? '' });
    }
    await completeUpload(deps, 'user:p0:x', begun.id, { parts });
    const [message] = await deps.queue.receive({ max: 1, visibilityS: 60 });
    expect(await makeHandler(deps)(eventOf(message?.body ?? ''))).toEqual({ batchItemFailures: [] });
    await deps.queue.ack(message?.receipt ?? '');
    return await getUpload(deps, 'user:p0:x', begun.id);
  }

  it('keeps and registers what came by presigned links, and empties the quarantine', async () => {
    const bytes = Uint8Array.from(
      makeTiff([
        greyIfd(
          2,
          [
            [1, 2],
            [3, 4],
          ],
          place,
        ),
      ]),
    );
    const { id, state, item } = await bring(bytes, { sha256: sha256Hex(bytes) });
    expect([state, item?.collection]).toEqual(['registered', 'fields']);
    const kept = await deps.kept.head(`uploads/${id}/field.tif`);
    expect(kept).toMatchObject({ sizeBytes: bytes.length, sha256: sha256Hex(bytes) });
    expect((await deps.quarantine.list('')).objects).toEqual([]);
    await deleteUpload(deps, 'user:p0:x', id);
    expect(await deps.kept.head(`uploads/${id}/field.tif`)).toBeUndefined();
  });

  it('joins several parts, and keeps nothing of what is refused', async () => {
    const bytes = new Uint8Array(20_000_000).fill(60);
    expect(await bring(bytes)).toMatchObject({ state: 'refused', refusal: { reason: 'NOT_A_TIFF' } });
    expect((await deps.quarantine.list('')).objects).toEqual([]);
    expect((await deps.kept.list('uploads/')).objects).toEqual([]);
  }, 60_000);

  it('reports messages that nobody can read, and does the others', async () => {
    const gone = { v: 1, project: 'p', uploadId: '00000000-0000-7000-8000-000000000000' };
    const answer = await makeHandler(deps)(eventOf('{', '{"v":2}', JSON.stringify(gone)));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }] });
  });
});

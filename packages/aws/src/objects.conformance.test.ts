import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { sha256Hex } from '@swath/core';
import { objectsConformance } from '@swath/ports/conformance/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Objects } from './objects.ts';
import { clientConfig, findMoto, startMoto } from './testing/servers.ts';

const moto = findMoto();
const bucket = 'swath-results';

async function startS3() {
  const server = await startMoto(moto ?? '');
  const client = new S3Client(clientConfig(server));
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const };
  await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  const close = async () => {
    client.destroy();
    await server.stop();
  };
  return { client, objects: s3Objects({ client, bucket }), close };
}

describe.skipIf(moto === undefined)('moto', () => {
  objectsConformance('aws, against moto', startS3, {
    timeoutMs: 60_000,
    // moto 5.2.1. That we send the headers is tested below and beside faults.test.ts' 409 and 412.
    deviations: {
      'lets exactly one of 20 racers create an object': 'moto checks and writes in two steps: two may win',
      'copies over what is there unless told not to': 'moto ignores If-None-Match of CopyObject',
    },
  });

  describe('s3Objects', () => {
    let s3: Awaited<ReturnType<typeof startS3>>;
    beforeAll(async () => {
      s3 = await startS3();
    }, 60_000);
    afterAll(() => s3.close());
    const content = new Uint8Array(12_000_000).map((_, i) => i % 251);

    /** Headers of the requests that `act` makes. */
    async function headersOf(act: () => Promise<unknown>): Promise<Record<string, string>[]> {
      const seen: Record<string, string>[] = [];
      s3.client.middlewareStack.add(
        (next) => (call) => {
          const { request } = call;
          if (typeof request === 'object' && request !== null && 'headers' in request) {
            seen.push(
              Object.fromEntries(
                Object.entries({ ...Object(request.headers) }).map(([k, v]) => [k, String(v)]),
              ),
            );
          }
          return next(call);
        },
        { step: 'finalizeRequest', name: 'record', priority: 'low' },
      );
      try {
        await act();
      } finally {
        s3.client.middlewareStack.remove('record');
      }
      return seen;
    }

    it('makes links that anybody can read for a while, under the name asked for', async () => {
      await s3.objects.put('a/ndvi ü.tif', content.subarray(0, 100), { contentType: 'image/tiff' });
      const link = await s3.objects.link('a/ndvi ü.tif', {
        expiresInS: 60,
        downloadName: 'ndvi "ü"\r\n.tif',
      });
      expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('60');
      const answer = await fetch(link);
      expect(answer.status).toBe(200);
      // moto 5.2.1 does not answer with the header that the link asks for.
      expect(new URL(link).searchParams.get('response-content-disposition')).toBe(
        `attachment; filename="ndvi______.tif"; filename*=UTF-8''ndvi%20%22%C3%BC%22%0D%0A.tif`,
      );
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(content.subarray(0, 100));
    });

    it('copies in parts what is too big for one copy', async () => {
      const copyLimits = { maxCopyBytes: 10_000_000, copyPartBytes: 5_500_000 };
      const objects = s3Objects({ client: s3.client, bucket, copyLimits });
      await objects.put('big', content, { contentType: 'image/tiff' });
      const copied = await objects.copy('big', 'big copy', { ifAbsent: true });
      expect(copied).toMatchObject({
        sha256: sha256Hex(content),
        sizeBytes: 12_000_000,
        contentType: 'image/tiff',
      });
      expect(await objects.head('big copy')).toEqual(copied);
      expect(sha256Hex(await objects.get('big copy'))).toBe(sha256Hex(content));
    });

    it('asks S3 not to copy over what is there', async () => {
      await s3.objects.put('one', content.subarray(0, 1));
      const headers = await headersOf(() => s3.objects.copy('one', 'two', { ifAbsent: true }));
      expect(headers.at(-1)).toMatchObject({ 'if-none-match': '*', 'x-amz-metadata-directive': 'REPLACE' });
    });

    it('pays for what it reads where it is told to', async () => {
      await s3.objects.put('paid', content.subarray(0, 10));
      const objects = s3Objects({ client: s3.client, bucket, requesterPays: true });
      const headers = await headersOf(async () => {
        await objects.get('paid');
        await objects.getRange('paid', 0, 5);
        await objects.head('paid');
      });
      expect(headers.map((one) => one['x-amz-request-payer'])).toEqual([
        'requester',
        'requester',
        'requester',
      ]);
    });

    it('leaves no upload open when a stream breaks in the middle', async () => {
      async function* broken() {
        for (let i = 0; i < 3; i++) yield content;
        throw new RangeError('dried up');
      }
      const put = s3.objects.put('broken', broken(), { sha256: '0'.repeat(64) });
      await expect(put).rejects.toThrow('dried up');
      const { Uploads } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      expect(Uploads ?? []).toEqual([]);
    });
  });
});

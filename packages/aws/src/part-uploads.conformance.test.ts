import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { partUploadsConformance } from '@swath/ports/conformance/index';
import { describe, expect, it } from 'vitest';
import { s3Objects } from './objects.ts';
import { partUploadClient, s3PartUploads } from './part-uploads.ts';
import { clientConfig, findMoto, startMoto } from './testing/servers.ts';

const moto = findMoto();
const bucket = 'swath-work';

describe.skipIf(moto === undefined)('moto', () => {
  partUploadsConformance(
    'aws, against moto, by fetch',
    async () => {
      const server = await startMoto(moto ?? '');
      const client = partUploadClient(clientConfig(server));
      const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const };
      await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
      return {
        uploads: s3PartUploads({ client, bucket }),
        objects: s3Objects({ client, bucket }),
        put: async (link, body) => {
          const answer = await fetch(link, { method: 'PUT', body });
          return { status: answer.status, etag: answer.headers.get('etag') };
        },
        close: async () => {
          client.destroy();
          await server.stop();
        },
      };
    },
    {
      timeoutMs: 60_000,
      // moto 5.2.1 checks no signatures. That the links carry what S3 checks is tested below.
      deviations: {
        'takes no part of another size than the link is for': 'moto does not check signed headers',
        'takes nothing by a link that was changed': 'moto does not check signatures',
      },
    },
  );
});

describe('links to parts', () => {
  it('sign the length of the part, and no checksum of the body nobody has yet', async () => {
    const client = partUploadClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const uploads = s3PartUploads({ client, bucket });
    const link = new URL(
      await uploads.partLink('quarantine/p/1', 'up', { part: 3, sizeBytes: 77 }, { expiresInS: 60 }),
    );
    const { searchParams } = link;
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    expect(searchParams.get('X-Amz-Expires')).toBe('60');
    expect(searchParams.get('partNumber')).toBe('3');
    expect(searchParams.get('uploadId')).toBe('up');
    expect([...searchParams.keys()].filter((name) => /checksum|content-md5/i.test(name))).toEqual([]);
    client.destroy();
  });
});

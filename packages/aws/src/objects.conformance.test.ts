import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { objectsConformance } from '@swath/ports/conformance/index';
import { describe } from 'vitest';
import { s3Objects } from './objects.ts';
import { clientConfig, findMoto, startMoto } from './testing/servers.ts';

const moto = findMoto();

describe.skipIf(moto === undefined)('moto', () => {
  objectsConformance(
    'aws, against moto',
    async () => {
      const server = await startMoto(moto ?? '');
      const client = new S3Client(clientConfig(server));
      await client.send(
        new CreateBucketCommand({
          Bucket: 'swath-results',
          CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
        }),
      );
      const close = async () => {
        client.destroy();
        await server.stop();
      };
      return { objects: s3Objects({ client, bucket: 'swath-results' }), close };
    },
    {
      timeoutMs: 60_000,
      // moto 5.2.1.
      deviations: {
        'copies over what is there unless told not to': 'moto ignores If-None-Match of CopyObject',
      },
    },
  );
});

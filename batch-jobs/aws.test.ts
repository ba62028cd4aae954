import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Objects } from '@swath/aws/objects';
import { clientConfig, findMoto, startMoto } from '@swath/aws/testing/servers';
import { sha256Hex } from '@swath/core';
import { requestSpec } from '@swath/requests';
import { afterAll, describe, expect, it } from 'vitest';
import { tinyPlan } from '../test/support/tiny-plan.ts';
import { writeTinyScene } from '../test/support/tiny-scene.ts';

const moto = findMoto();
const folder = mkdtempSync(join(tmpdir(), 'swath-batch-aws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(moto === undefined)('the three steps over S3', () => {
  it('leave a complete product, with nothing in their environment but what a job definition gives', async () => {
    const server = await startMoto(moto ?? '');
    const client = new S3Client(clientConfig(server));
    try {
      const names = ['swath-work', 'swath-raw', 'swath-results'];
      for (const Bucket of names) {
        const place = { LocationConstraint: 'eu-central-1' } as const;
        await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: place }));
      }
      const work = s3Objects({ client, bucket: 'swath-work' });
      const put = (key: string, value: unknown) =>
        work.put(key, new TextEncoder().encode(JSON.stringify(value)));
      const read = async (key: string): Promise<unknown> =>
        JSON.parse(new TextDecoder().decode(await work.get(key)));
      const run = (step: string) =>
        new Promise<string>((done) => {
          const child = spawn(process.execPath, [resolve(import.meta.dirname, step, 'main.ts')], {
            env: {
              PATH: process.env['PATH'] ?? '',
              AWS_REGION: 'eu-central-1',
              AWS_ACCESS_KEY_ID: 'test',
              AWS_SECRET_ACCESS_KEY: 'test',
              AWS_ENDPOINT_URL_S3: server.endpoint,
              SWATH_STORAGE: 'aws',
              SWATH_WORK_BUCKET: 'swath-work',
              SWATH_RAW_BUCKET: 'swath-raw',
              SWATH_RESULTS_BUCKET: 'swath-results',
              SWATH_MANIFEST: `${step}.json`,
              SWATH_SCRATCH: join(folder, 'scratch'),
              SWATH_READ_FOLDERS: join(folder, 'catalogue'),
            },
          });
          let output = '';
          child.stdout.on('data', (text) => {
            output += String(text);
          });
          child.stderr.on('data', (text) => {
            output += String(text);
          });
          child.once('close', (code) => done(`${code} ${output}`));
        });

      const scene = await writeTinyScene(join(folder, 'catalogue'), 'a', '2024-06-01');
      const staging = 'staging/r1/1/';
      const ids = { requestId: 'r1', attempt: 1, staging };
      const spec = requestSpec.parse({ items: ['tiny.json'], pipeline: { index: 'NDVI' } });
      await put('acquire.json', { kind: 'acquire', ...ids, spec, scenes: [scene], mode: 'copy' });
      expect(await run('acquire')).toMatch(/^0 /);
      expect(await read(`${staging}acquire.json`)).toMatchObject({
        ok: true,
        value: { assets: { length: 3 } },
      });

      const plan = tinyPlan([scene]);
      await put('plan.json', {
        ...plan,
        chunks: [{ product: 0, window: { x: 0, y: 0, width: 96, height: 80 } }],
        products: plan.products.map((product) => ({ ...product, chunks: [0] })),
      });
      await put('process.json', { kind: 'process', ...ids, plan: 'plan.json', chunks: [0] });
      expect(await run('process')).toMatch(/^0 /);

      const contentKey = sha256Hex('aws');
      const chunkResults = { 0: `${staging}chunk-0.json` };
      await put('publish.json', { kind: 'publish', ...ids, plan: 'plan.json', contentKey, chunkResults });
      expect(await run('publish')).toMatch(/^0 /);
      const { objects } = await s3Objects({ client, bucket: 'swath-results' }).list(`results/${contentKey}/`);
      const found = objects.map(({ key }) => key.split('/').at(-1));
      expect(found).toEqual(['item.json', 'ndvi.tif', 'statistics.json', 'thumbnail.png']);
    } finally {
      client.destroy();
      await server.stop();
    }
  }, 60_000);
});

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig, type EmulatorServer, findMoto, startMoto } from '@swath/aws/testing/servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStack, type Keeps, partOf } from './support/formation.ts';
import { type Synthesised, synthesise } from './support/synthesise.ts';

/** Types that CloudFormation in moto passes over with a warning. */
const unknown: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Athena::NamedQuery',
  'AWS::Athena::WorkGroup',
  'AWS::Batch::SchedulingPolicy',
  'AWS::Budgets::Budget',
  'AWS::CloudFront::CachePolicy',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Types it knows and cannot make as our templates have them: the stack that shows it, and why. */
const failing: Readonly<Record<string, { readonly stack: string; readonly because: string }>> = {
  'AWS::Events::Archive': { stack: 'events', because: 'it fails at an archive with a pattern' },
  'AWS::Batch::ComputeEnvironment': { stack: 'processing', because: 'it insists on a service role' },
  'AWS::Batch::JobQueue': { stack: 'processing', because: 'there are no environments for it' },
  'Custom::S3AutoDeleteObjects': { stack: 'storage', because: 'its function would run in Docker' },
  'Custom::CDKBucketDeployment': { stack: 'delivery', because: 'its function would run in Docker' },
};

/** All but those, rules over a bus of our own (those over the default bus are made), and what reads the table's stream. */
const isMade = (stack: string): Keeps => {
  const withoutBus = (type: string) => stack === 'events' && type === 'AWS::Events::Rule';
  return (type, { StartingPosition }) =>
    !unknown.has(type) && !(type in failing) && !withoutBus(type) && StartingPosition === undefined;
};

/** An archive without files: moto reads functions' code when it makes them. */
const emptyZip = Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64');

const moto = findMoto();

describe.skipIf(moto === undefined)('the templates of dev, in CloudFormation as moto plays it', () => {
  let server: EmulatorServer;
  let client: CloudFormationClient;
  let app: Synthesised;
  const outputs = new Map<string, string>();
  let tries = 0;
  const attempt = (stack: string, keeps: Keeps) =>
    createStack(client, `try-${tries++}`, {
      ...partOf(app.texts.get(stack) ?? '', keeps, outputs),
      // They say something of resources that are not made.
      Outputs: {},
    });
  const reset = () => fetch(`${server.endpoint}/moto-api/reset`, { method: 'POST' });

  beforeAll(async () => {
    app = synthesise('dev');
    server = await startMoto(moto ?? '');
    // A failure of the server's own is final: the same template fails the same way again.
    client = new CloudFormationClient({ ...clientConfig(server), maxAttempts: 1 });
  });
  afterAll(async () => {
    client?.destroy();
    app?.remove();
    await server?.stop();
  });

  it('are made, every resource of a type that it can make', { timeout: 120_000 }, async () => {
    await putAssets(server, app);
    const counts: string[] = [];
    for (const [stack, text] of app.texts) {
      const part = partOf(text, isMade(stack), outputs);
      const wanted = Object.keys(part.Resources);
      const { made, said, outputs: told } = await createStack(client, `swath-dev-${stack}`, part);
      expect({ stack, said, made: [...made].sort() }).toEqual({
        stack,
        said: 'CREATE_COMPLETE',
        made: [...wanted].sort(),
      });
      for (const [name, value] of told) outputs.set(name, value);
      const all = Object.keys(app.templates[stack]?.Resources ?? {}).length;
      counts.push(`${stack} ${wanted.length} of ${all}`);
    }
    console.info(`made by moto: ${counts.join(', ')}`);
  });

  it('hold types that it does not know, and the list is exactly those', { timeout: 120_000 }, async () => {
    const seen = new Map<string, string>();
    for (const [stack, { Resources }] of Object.entries(app.templates)) {
      for (const { Type } of Object.values(Resources)) seen.set(Type, stack);
    }
    for (const type of [...unknown, ...Object.keys(failing)]) expect([...seen.keys()]).toContain(type);
    for (const type of unknown) {
      const { made, said } = await attempt(seen.get(type) ?? '', (one) => one === type);
      expect({ type, said, made: made.size }).toEqual({ type, said: 'CREATE_COMPLETE', made: 0 });
    }
  });

  it.each(Object.entries(failing))('hold %s, which it still cannot make', async (type, { stack }) => {
    // Names that are taken would be another reason to fail.
    await reset();
    await putAssets(server, app);
    const { said } = await attempt(
      stack,
      (one, properties) => one === type || isMade(stack)(one, properties),
    );
    expect(said).not.toBe('CREATE_COMPLETE');
  });
});

/** The bucket of a bootstrapped account, with something under every key that functions name. */
async function putAssets(server: EmulatorServer, app: Synthesised): Promise<void> {
  const s3 = new S3Client({ ...clientConfig(server), forcePathStyle: true });
  const Bucket = 'cdk-hnb659fds-assets-123456789012-eu-central-1';
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
  );
  const keys = new Set([...app.texts.values()].flatMap((text) => text.match(/[0-9a-f]{64}\.zip/g) ?? []));
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: emptyZip }));
  s3.destroy();
}

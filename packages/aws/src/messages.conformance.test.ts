import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { BusEvent } from '@swath/ports';
import { busConformance, queueConformance, secretsConformance } from '@swath/ports/conformance/index';
import { describe } from 'vitest';
import * as z from 'zod';
import { eventBridgeBus, eventSource } from './bus.ts';
import { sqsQueue } from './queue.ts';
import { secretsManagerSecrets } from './secrets.ts';
import { clientConfig, type EmulatorServer, findMoto, startMoto } from './testing/servers.ts';

const moto = findMoto();

async function createQueue(client: SQSClient, name: string, attributes: Record<string, string> = {}) {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error('no queue');
  const read = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await client.send(read);
  return { url: QueueUrl, arn: Attributes?.QueueArn ?? '' };
}

describe.skipIf(moto === undefined)('moto', () => {
  queueConformance(
    'aws, against moto',
    async () => {
      const server = await startMoto(moto ?? '');
      const client = new SQSClient(clientConfig(server));
      let queues = 0;
      return {
        async makeQueue() {
          const name = `q${++queues}`;
          const dead = await createQueue(client, `${name}-dead`);
          const main = await createQueue(client, name, {
            RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: '3' }),
          });
          return sqsQueue({ client, queueUrl: main.url, deadLetterQueueUrl: dead.url });
        },
        // The clock is the server's.
        advance: (ms) => sleep(ms).then(() => undefined),
        close: () => stop(client, server),
      };
    },
    {
      timeoutMs: 60_000,
      // moto 5.2.1. SQS: "if you do not provide the most recent receipt handle, ... the message might not be deleted".
      deviations: {
        'ignores the receipt of an old delivery': 'moto deletes by any receipt the message ever had',
      },
    },
  );

  busConformance(
    'aws, against moto',
    async () => {
      const server = await startMoto(moto ?? '');
      const client = new EventBridgeClient(clientConfig(server));
      const sqs = new SQSClient(clientConfig(server));
      const inbox = await createQueue(sqs, 'inbox');
      await client.send(new CreateEventBusCommand({ Name: 'swath' }));
      const pattern = JSON.stringify({ source: [eventSource] });
      await client.send(new PutRuleCommand({ Name: 'all', EventBusName: 'swath', EventPattern: pattern }));
      const target = { Id: 'inbox', Arn: inbox.arn };
      await client.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'swath', Targets: [target] }));
      const queue = sqsQueue({ client: sqs, queueUrl: inbox.url, deadLetterQueueUrl: inbox.url });
      const seen: BusEvent[] = [];
      return {
        bus: eventBridgeBus({ client, busName: 'swath' }),
        async received() {
          for (;;) {
            const messages = await queue.receive({ max: 10, visibilityS: 60 });
            if (messages.length === 0) return seen;
            for (const message of messages) seen.push(eventOf(message.body));
          }
        },
        async close() {
          sqs.destroy();
          await stop(client, server);
        },
      };
    },
    { timeoutMs: 60_000 },
  );

  secretsConformance(
    'aws, against moto',
    async () => {
      const server = await startMoto(moto ?? '');
      const client = new SecretsManagerClient(clientConfig(server));
      const stored = { Name: 'swath/planet-api', SecretString: 's3cret=' };
      await client.send(new CreateSecretCommand(stored));
      return {
        secrets: secretsManagerSecrets({ client, prefix: 'swath/' }),
        close: () => stop(client, server),
      };
    },
    { timeoutMs: 60_000 },
  );
});

async function stop(client: { destroy(): void }, server: EmulatorServer): Promise<void> {
  client.destroy();
  await server.stop();
}

const envelope = z.object({
  'detail-type': z.string(),
  time: z.string(),
  detail: z.looseObject({ eventId: z.string() }),
});

/** What a consumer of the bus does with EventBridge's envelope. */
function eventOf(body: string): BusEvent {
  const { 'detail-type': type, time, detail } = envelope.parse(JSON.parse(body));
  const { eventId, ...rest } = detail;
  return { type, id: eventId, time: new Date(time).toISOString(), detail: rest };
}

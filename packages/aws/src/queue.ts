import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { SwathError } from '@swath/core';
import { checkMessage, checkReceive, checkVisibility, deliveryIsOver, type Queue } from '@swath/ports';
import { awsError, calling, failureOf } from './errors.ts';

export interface SqsQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Its messages are `dead` in `depth`. */
  readonly deadLetterQueueUrl: string;
  /** Seconds `receive` waits for a first message (long polling asks every server, short polling some). @default 0 */
  readonly waitS?: number;
}

/** A standard queue; its redrive policy, which the stack sets, says after how many deliveries a message is set aside. */
export function sqsQueue(options: SqsQueueOptions): Queue {
  const { client, queueUrl: QueueUrl } = options;
  return {
    async send(body, { delayS = 0 } = {}) {
      checkMessage(body, delayS);
      const command = new SendMessageCommand({ QueueUrl, MessageBody: body, DelaySeconds: delayS });
      return present((await calling('SQS', () => client.send(command))).MessageId);
    },
    async receive({ max, visibilityS }) {
      checkReceive({ max, visibilityS });
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: max,
        VisibilityTimeout: visibilityS,
        WaitTimeSeconds: options.waitS ?? 0,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      const { Messages } = await calling('SQS', () => client.send(command));
      return (Messages ?? []).map((message) => ({
        id: present(message.MessageId),
        body: present(message.Body),
        receipt: present(message.ReceiptHandle),
        receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
      }));
    },
    async ack(receipt) {
      try {
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
      } catch (error) {
        // Some receipts of deliveries that are over are refused, others accepted without effect: both are fine.
        if (!isOver(error)) throw awsError('SQS', error);
      }
    },
    async extend(receipt, visibilityS) {
      checkVisibility(visibilityS);
      const input = { QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: visibilityS };
      try {
        await client.send(new ChangeMessageVisibilityCommand(input));
      } catch (error) {
        throw isOver(error) ? deliveryIsOver(error) : awsError('SQS', error);
      }
    },
    async depth() {
      const [main, dead] = await Promise.all([
        counts(client, QueueUrl),
        counts(client, options.deadLetterQueueUrl),
      ]);
      return {
        visible: main.visible,
        inFlight: main.hidden + main.delayed,
        dead: dead.visible + dead.hidden + dead.delayed,
      };
    },
  };
}

function isOver(error: unknown): boolean {
  return ['ReceiptHandleIsInvalid', 'MessageNotInflight', 'InvalidParameterValue'].includes(
    failureOf(error).name,
  );
}

async function counts(client: SQSClient, QueueUrl: string) {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  });
  const { Attributes } = await calling('SQS', () => client.send(command));
  return {
    visible: Number(present(Attributes?.ApproximateNumberOfMessages)),
    hidden: Number(present(Attributes?.ApproximateNumberOfMessagesNotVisible)),
    delayed: Number(present(Attributes?.ApproximateNumberOfMessagesDelayed)),
  };
}

function present(value: string | undefined): string {
  if (value === undefined) throw new SwathError('Unavailable', 'SQS leaves out what it always says.');
  return value;
}

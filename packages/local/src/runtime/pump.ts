import type { Logger } from '@swath/core';
import { errorJson } from '@swath/core';
import type { Queue, QueueMessage } from '@swath/ports';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

export type SqsHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** What Lambda's event source mapping does for one queue. */
export interface PumpOptions {
  readonly name: string;
  readonly queue: Queue;
  readonly handler: SqsHandler;
  readonly log: Logger;
}

/** Messages per call, as the SQS event source mapping of the ordering stack has it. */
const batchSize = 10;
/** Longer than any handler runs: six times 30 s, AWS's advice for visibility against the function's time-out. */
const visibilityS = 180;
/** A failed message is shown again after 2 s, then 4 s, ... at most 60 s. */
const retryDelayS = (receiveCount: number) => Math.min(60, 2 ** receiveCount);
/** How long an idle pump sleeps; a send in the same process wakes it at once. */
const idleMs = 500;

export interface Pump {
  /** Look now: something was sent. */
  wake(): void;
  /** Resolves when the batch in hand is done. */
  stop(): Promise<void>;
}

/** Receives, calls the handler with an SQS event, acknowledges what it did not report as failed. */
export function startPump(options: PumpOptions): Pump {
  const { queue, handler, log, name } = options;
  let stopping = false;
  let rouse: () => void = () => {};
  let woken = false;

  const sleep = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, idleMs);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
      if (woken) rouse();
    });

  const round = async (): Promise<boolean> => {
    const messages = await queue.receive({ max: batchSize, visibilityS });
    if (messages.length === 0) return false;
    const failed = await callHandler(handler, name, messages, log);
    for (const message of messages) {
      if (failed.has(message.id)) await queue.extend(message.receipt, retryDelayS(message.receiveCount));
      else await queue.ack(message.receipt);
    }
    return true;
  };

  const loop = async () => {
    while (!stopping) {
      woken = false;
      const busy = await round().catch((error: unknown) => {
        log.error('Queue:Pump:Failed', { queue: name, ...errorJson(error) });
        return false;
      });
      if (!busy && !stopping) await sleep();
    }
  };

  const done = loop();
  return {
    wake() {
      woken = true;
      rouse();
    },
    async stop() {
      stopping = true;
      woken = true;
      rouse();
      await done;
    },
  };
}

async function callHandler(
  handler: SqsHandler,
  name: string,
  messages: readonly QueueMessage[],
  log: Logger,
): Promise<ReadonlySet<string>> {
  try {
    const answer = await handler(sqsEvent(name, messages));
    return new Set(answer.batchItemFailures.map((failure) => failure.itemIdentifier));
  } catch (error) {
    log.error('Queue:Handle:Failed', { queue: name, ...errorJson(error) });
    return new Set(messages.map((message) => message.id));
  }
}

/** The event Lambda would get. */
export function sqsEvent(queueName: string, messages: readonly QueueMessage[]): SQSEvent {
  return {
    Records: messages.map((message) => ({
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receiveCount),
        SentTimestamp: '0',
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:local:000000000000:${queueName}`,
      awsRegion: 'local',
    })),
  };
}

/** The same queue, telling `onSend` after every send: a pump in the same process need not poll fast. */
export function noticedQueue(queue: Queue, onSend: () => void): Queue {
  return {
    async send(body, options) {
      const id = await queue.send(body, options);
      onSend();
      return id;
    },
    receive: (options) => queue.receive(options),
    ack: (receipt) => queue.ack(receipt),
    extend: (receipt, visibility) => queue.extend(receipt, visibility),
    depth: () => queue.depth(),
  };
}

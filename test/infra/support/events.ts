import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { region } from './account.ts';
import type { LambdaProcess } from './lambda-process.ts';

export const proxyAnswer = z.looseObject({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Payload 2.0 has these apart from the headers. */
  cookies: z.array(z.string()).default([]),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** A call as API Gateway's HTTP API tells a function of it, payload version 2.0; nobody calls. */
export function httpEvent(
  method: string,
  path: string,
  domainName = 'abc123.execute-api.eu-central-1.amazonaws.com',
): APIGatewayProxyEventV2 {
  const [rawPath = '/', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      host: domainName,
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName,
      domainPrefix: 'abc123',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
    },
    isBase64Encoded: false,
  } as APIGatewayProxyEventV2;
}

/** An event source mapping with ReportBatchItemFailures. */
export interface Feed {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly lambda: LambdaProcess;
}

/** Takes one batch to the function; what it does not report as failed is deleted. @returns how many there were, and failed. */
export async function pump(
  sqs: SQSClient,
  feed: Feed,
): Promise<{ readonly taken: number; readonly failed: number }> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: feed.queueUrl,
      MaxNumberOfMessages: feed.batchSize,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  if (messages.length === 0) return { taken: 0, failed: 0 };
  const answer = (await feed.lambda.invoke(sqsEvent(feed.queueArn, messages))) as SQSBatchResponse;
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { MessageId = '', ReceiptHandle } of messages) {
    if (failed.has(MessageId)) continue;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: feed.queueUrl, ReceiptHandle }));
  }
  return { taken: messages.length, failed: failed.size };
}

function sqsEvent(queueArn: string, messages: readonly Message[]): SQSEvent {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId ?? '',
      receiptHandle: message.ReceiptHandle ?? '',
      body: message.Body ?? '',
      attributes: message.Attributes as unknown as SQSEvent['Records'][number]['attributes'],
      messageAttributes: {},
      md5OfBody: message.MD5OfBody ?? '',
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  };
}

import * as z from 'zod';
import type { RecordedCall } from './recorder.ts';

/** One permission that a call needed. */
export interface UsedAction {
  readonly action: string;
  /** ARN, with the account's number and region; `*` for actions that know no resource. */
  readonly resource: string;
}

const region = 'eu-central-1';
const account = '123456789012';
const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

/**
 * The permissions a call needs, by the Service Authorization Reference.
 * @throws Error for a call that is not in the tables below: it is to be looked up, not guessed.
 */
export function actionsOf(call: RecordedCall): readonly UsedAction[] {
  switch (call.service) {
    case 's3':
      return s3Actions(call);
    case 'dynamodb':
      return tableActions(call);
    case 'sqs':
      return queueActions(call);
    case 'events':
      return busActions(call);
    case 'batch':
      return batchActions(call);
    default:
      throw unknown(call);
  }
}

const unknown = (call: RecordedCall) =>
  new Error(
    `no action is known for ${call.service} ${call.method} ${call.path} ${call.query} ${target(call)}`,
  );
const target = (call: RecordedCall) => call.header('x-amz-target')?.split('.').at(-1) ?? '';

function s3Actions(call: RecordedCall): UsedAction[] {
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(call.path) ?? [];
  const object = `arn:aws:s3:::${bucket}/${key}`;
  const list = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` };
  if (key === '') {
    if (call.method === 'GET' && call.query.get('list-type') === '2') return [list];
    throw unknown(call);
  }
  const tagged =
    call.header('x-amz-tagging') === undefined ? [] : [{ action: 's3:PutObjectTagging', resource: object }];
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      if (call.query.has('uploadId')) return [{ action: 's3:ListMultipartUploadParts', resource: object }];
      // What is not there is answered with 404 to those who may list, with 403 to others.
      return [{ action: 's3:GetObject', resource: object }, ...(call.status === 404 ? [list] : [])];
    case 'PUT': {
      const from = call.header('x-amz-copy-source');
      const read =
        from === undefined
          ? []
          : [
              {
                action: 's3:GetObject',
                resource: `arn:aws:s3:::${decodeURIComponent(from).replace(/^\//, '')}`,
              },
            ];
      return [{ action: 's3:PutObject', resource: object }, ...read, ...tagged];
    }
    case 'POST':
      // CreateMultipartUpload and CompleteMultipartUpload.
      return [{ action: 's3:PutObject', resource: object }, ...tagged];
    case 'DELETE':
      return [
        {
          action: call.query.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject',
          resource: object,
        },
      ];
    default:
      throw unknown(call);
  }
}

const named = z.looseObject({ TableName: z.string() });
const tableCall = z.looseObject({ TableName: z.string(), IndexName: z.string().exactOptional() });
const transaction = z.looseObject({
  TransactItems: z.array(
    z.looseObject({
      Put: named.exactOptional(),
      Update: named.exactOptional(),
      Delete: named.exactOptional(),
      ConditionCheck: named.exactOptional(),
    }),
  ),
});

/** Transactions need the permission of each write, not one of their own. */
function tableActions(call: RecordedCall): UsedAction[] {
  const name = target(call);
  if (name === 'TransactWriteItems') {
    return transaction.parse(call.body).TransactItems.flatMap(({ Put, Update, Delete, ConditionCheck }) =>
      Object.entries({
        PutItem: Put,
        UpdateItem: Update,
        DeleteItem: Delete,
        ConditionCheckItem: ConditionCheck,
      }).flatMap(([action, item]) =>
        item === undefined
          ? []
          : [{ action: `dynamodb:${action}`, resource: arn('dynamodb', `table/${item.TableName}`) }],
      ),
    );
  }
  if (!['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].includes(name)) throw unknown(call);
  const { TableName, IndexName } = tableCall.parse(call.body);
  const index = IndexName === undefined ? '' : `/index/${IndexName}`;
  return [{ action: `dynamodb:${name}`, resource: arn('dynamodb', `table/${TableName}${index}`) }];
}

function queueActions(call: RecordedCall): UsedAction[] {
  const name = target(call).replace(/Batch$/, '');
  const { QueueUrl } = z.looseObject({ QueueUrl: z.string() }).parse(call.body);
  return [{ action: `sqs:${name}`, resource: arn('sqs', QueueUrl.split('/').at(-1) ?? '') }];
}

function busActions(call: RecordedCall): UsedAction[] {
  if (target(call) !== 'PutEvents') throw unknown(call);
  const entries = z.looseObject({ Entries: z.array(z.looseObject({ EventBusName: z.string() })) });
  return entries.parse(call.body).Entries.map(({ EventBusName }) => ({
    action: 'events:PutEvents',
    resource: arn('events', `event-bus/${EventBusName}`),
  }));
}

function batchActions(call: RecordedCall): UsedAction[] {
  const place = (kind: string, value: string) =>
    value.startsWith('arn:') ? value : arn('batch', `${kind}/${value}`);
  switch (call.path) {
    case '/v1/submitjob': {
      const { jobDefinition, jobQueue } = z
        .looseObject({ jobDefinition: z.string(), jobQueue: z.string() })
        .parse(call.body);
      return [
        { action: 'batch:SubmitJob', resource: place('job-definition', jobDefinition) },
        { action: 'batch:SubmitJob', resource: place('job-queue', jobQueue) },
      ];
    }
    case '/v1/describejobs':
      return [{ action: 'batch:DescribeJobs', resource: '*' }];
    case '/v1/listjobs':
      return [{ action: 'batch:ListJobs', resource: '*' }];
    case '/v1/terminatejob': {
      const { jobId } = z.looseObject({ jobId: z.string() }).parse(call.body);
      return [{ action: 'batch:TerminateJob', resource: arn('batch', `job/${jobId}`) }];
    }
    default:
      throw unknown(call);
  }
}

/** One line for each action and kind of resource, with how often. */
export function summaryOf(used: readonly UsedAction[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { action, resource } of used) {
    const kind = resource.replace(/^(arn:aws:s3:::[^/]+\/[^/]+\/).*$/, '$1*').replace(/[0-9a-f-]{36}/g, '*');
    counts.set(`${action} ${kind}`, (counts.get(`${action} ${kind}`) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([line, times]) => `  ${times} x ${line}`);
}

import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { SwathError } from '@swath/core';
import {
  type AttributeValue,
  checkKey,
  checkWrites,
  compareUtf8,
  conditionFailed,
  cursorAt,
  type PlannedQuery,
  planQuery,
  type Random,
  type Row,
  type Table,
} from '@swath/ports';
import { cryptoRandom } from '@swath/ports/memory/random';
import { awsError, calling, failureOf } from './errors.ts';
import { exclusiveStartKey, keyCondition, transactItem } from './expressions.ts';
import { maxQueryAnswers, throttledRetryAfterMs, transactTries } from './limits.ts';
import { untilDone } from './retry.ts';

export interface DynamoTableOptions {
  readonly tableName: string;
  readonly client: DynamoDBClient;
  /** @default the machine's */
  readonly random?: Random;
}

/** The table in DynamoDB, laid out as `tableDefinition` says. */
export function dynamoTable(options: DynamoTableOptions): Table {
  const { tableName } = options;
  const random = options.random ?? cryptoRandom();
  const client = DynamoDBDocumentClient.from(options.client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    async get(key) {
      checkKey(key);
      const input = { TableName: tableName, Key: { pk: key.pk, sk: key.sk }, ConsistentRead: true };
      const { Item } = await calling('DynamoDB', () => client.send(new GetCommand(input)));
      return Item === undefined ? undefined : rowOf(Item);
    },
    async query(query) {
      const plan = planQuery(query);
      return isEmpty(plan) ? { rows: [] } : readPages(client, tableName, plan);
    },
    async transact(writes) {
      checkWrites(writes);
      if (writes.length === 0) return;
      const command = {
        TransactItems: writes.map((write) => transactItem(tableName, write)),
        // One token for all tries of this call, the SDK's and ours: a repeat of what was done changes nothing (10 minutes).
        ClientRequestToken: random.id(),
      };
      const done = await untilDone(transactTries, random, async () => {
        try {
          await client.send(new TransactWriteCommand(command));
          return 'done';
        } catch (error) {
          return afterFailure(error);
        }
      });
      if (done === undefined) {
        throw new SwathError('Throttled', 'Other transactions keep changing the same rows.', {
          retryAfterMs: throttledRetryAfterMs,
        });
      }
    },
  };
}

/** `'again'` when the transaction met another one; throws otherwise. */
function afterFailure(error: unknown): 'again' {
  if (!(error instanceof TransactionCanceledException)) {
    if (failureOf(error).name === 'TransactionInProgressException') return 'again';
    const { name } = failureOf(error);
    const message = error instanceof Error ? error.message : '';
    throw sizeError(name, message, error) ?? operandError(message, error) ?? awsError('DynamoDB', error);
  }
  const reasons = error.CancellationReasons ?? [];
  const failed = reasons.flatMap((reason, index) =>
    reason.Code === 'ConditionalCheckFailed' ? [index] : [],
  );
  if (failed.length > 0) throw conditionFailed(failed, error);
  for (const [index, reason] of reasons.entries()) {
    const refused = sizeError(reason.Code ?? '', reason.Message ?? '', error);
    if (refused !== undefined) throw refused;
    const misfit = operandError(reason.Message ?? '', error, `/${index}`);
    if (misfit !== undefined) throw misfit;
    if (reason.Code === 'ValidationError') {
      throw new SwathError('Bug', 'DynamoDB refuses a write of the transaction.', { cause: error });
    }
  }
  const passing = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
  if (reasons.some((reason) => passing.includes(reason.Code ?? ''))) return 'again';
  throw new SwathError('Unavailable', 'DynamoDB cancelled the transaction without a known reason.', {
    cause: error,
  });
}

/** DynamoDB says by text only that an update made its row too big. */
function sizeError(code: string, message: string, cause: unknown): SwathError | undefined {
  const validation = code === 'ValidationError' || code === 'ValidationException';
  if (code === 'ItemCollectionSizeLimitExceeded' || (validation && /size.*exceed/i.test(message))) {
    return new SwathError('LimitExceeded', 'The row, or the transaction, is too big.', {
      fix: 'Keep details in an object and a pointer in the row.',
      cause,
    });
  }
  return undefined;
}

/** `add` met something that is no number. */
function operandError(message: string, cause: unknown, pointer?: string): SwathError | undefined {
  if (!/operand .*incorrect data type/i.test(message)) return undefined;
  const at = pointer === undefined ? {} : { pointer };
  return new SwathError('InvalidInput', 'An attribute that is no number cannot be added to.', {
    ...at,
    cause,
  });
}

/** Bounds that leave nothing, which DynamoDB calls an error. */
function isEmpty(plan: PlannedQuery): boolean {
  if (plan.to === '') return true;
  return plan.from !== undefined && plan.to !== undefined && compareUtf8(plan.from, plan.to) > 0;
}

async function readPages(
  client: DynamoDBDocumentClient,
  tableName: string,
  plan: PlannedQuery,
): Promise<{ readonly rows: readonly Row[]; readonly cursor?: string }> {
  const rows: Row[] = [];
  let start: Record<string, unknown> | undefined = exclusiveStartKey(plan);
  for (let answers = 0; answers < maxQueryAnswers; answers++) {
    const answer = await calling('DynamoDB', () =>
      client.send(
        new QueryCommand({
          TableName: tableName,
          ...(plan.index === 'base' ? { ConsistentRead: true } : { IndexName: plan.index }),
          ...keyCondition(plan),
          ScanIndexForward: !plan.descending,
          Limit: plan.limit - rows.length,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      ),
    );
    for (const item of answer.Items ?? []) rows.push(rowOf(item));
    start = answer.LastEvaluatedKey;
    if (start === undefined) return { rows };
    if (rows.length >= plan.limit) break;
  }
  const last = rows.at(-1);
  if (last === undefined)
    throw new SwathError('Unavailable', 'DynamoDB answers without rows and without an end.');
  return { rows, cursor: cursorAt(last, plan) };
}

function rowOf(item: Record<string, unknown>): Row {
  if (!isRow(item)) throw new SwathError('Corrupt', 'The table holds a row of another make.');
  return item;
}

function isRow(item: Record<string, unknown>): item is Record<string, AttributeValue> & Row {
  return typeof item['pk'] === 'string' && typeof item['sk'] === 'string' && isValue(item);
}

/** Sets and binaries come from other programs: Swath writes none. */
function isValue(value: unknown): value is AttributeValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isValue);
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isValue);
}

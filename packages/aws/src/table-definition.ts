import { indexKeys } from '@swath/ports';

/** What a DynamoDB table must look like for `dynamoTable`: read by the stack that makes it and by the tests. */
export const tableDefinition = {
  partitionKey: indexKeys.base.partition,
  sortKey: indexKeys.base.sort,
  timeToLiveAttribute: 'expiresAt',
  /** Sparse, all attributes projected; keys are strings. */
  indexes: [
    { indexName: 'due', partitionKey: indexKeys.due.partition, sortKey: indexKeys.due.sort },
    { indexName: 'project', partitionKey: indexKeys.project.partition, sortKey: indexKeys.project.sort },
  ],
} as const;

/** Input of CreateTable. */
export function createTableInput(tableName: string) {
  const names = [tableDefinition, ...tableDefinition.indexes].flatMap((keys) => [
    keys.partitionKey,
    keys.sortKey,
  ]);
  const schema = (keys: { readonly partitionKey: string; readonly sortKey: string }) => [
    { AttributeName: keys.partitionKey, KeyType: 'HASH' as const },
    { AttributeName: keys.sortKey, KeyType: 'RANGE' as const },
  ];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
    KeySchema: schema(tableDefinition),
    GlobalSecondaryIndexes: tableDefinition.indexes.map((index) => ({
      IndexName: index.indexName,
      KeySchema: schema(index),
      Projection: { ProjectionType: 'ALL' as const },
    })),
  };
}

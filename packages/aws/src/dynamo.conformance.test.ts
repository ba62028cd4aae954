import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableConformance } from '@swath/ports/conformance/index';
import { describe } from 'vitest';
import { dynamoTable } from './table.ts';
import { createTableInput } from './table-definition.ts';
import {
  clientConfig,
  type EmulatorServer,
  findDynoxide,
  findMoto,
  startDynoxide,
  startMoto,
} from './testing/servers.ts';

const dynoxide = findDynoxide();
const moto = findMoto();

async function tableIn(server: EmulatorServer) {
  const client = new DynamoDBClient(clientConfig(server));
  await client.send(new CreateTableCommand(createTableInput('swath')));
  const close = async () => {
    client.destroy();
    await server.stop();
  };
  return { table: dynamoTable({ tableName: 'swath', client }), close };
}

describe.skipIf(dynoxide === undefined)('dynoxide', () => {
  tableConformance('aws, against dynoxide', async () => tableIn(await startDynoxide(dynoxide ?? '')));
});

describe.skipIf(moto === undefined)('moto', () => {
  tableConformance('aws, against moto', async () => tableIn(await startMoto(moto ?? '')), {
    timeoutMs: 60_000,
    // moto 5.2.1. Each passes against dynoxide and is documented of DynamoDB.
    deviations: {
      'decides the condition: at least on text':
        'moto cancels with TypeError where types differ; DynamoDB: false',
      'takes a row of 400 KB and refuses one byte more': 'moto counts the JSON of the request, not the item',
    },
  });
});

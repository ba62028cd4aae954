import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AthenaOptions, athenaEngine, scanUsd } from './athena.ts';
import {
  bodyText,
  jsonError,
  type ScriptedAnswer,
  type SentRequest,
  scriptedNetwork,
} from './testing/scripted.ts';
import { clientConfig, type EmulatorServer, findMoto, startMoto } from './testing/servers.ts';

const json = (body: unknown): ScriptedAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});
const execution = (state: string, more: object = {}, scanned = 0) =>
  json({
    QueryExecution: { Status: { State: state, ...more }, Statistics: { DataScannedInBytes: scanned } },
  });
const actionOf = ({ headers }: SentRequest) => headers['x-amz-target']?.split('.')[1] ?? '';
const cells = (...texts: readonly (string | null)[]) => ({
  Data: texts.map((text) => (text === null ? {} : { VarCharValue: text })),
});
const columns = [
  { Name: 'name', Type: 'varchar' },
  { Name: 'n', Type: 'bigint' },
  { Name: 'share', Type: 'double' },
  { Name: 'ok', Type: 'boolean' },
];
const resultSet = (...rows: readonly object[]) => ({
  Rows: rows,
  ResultSetMetadata: { ColumnInfo: columns },
});

/** @param states answered to GetQueryExecution, the last one for ever. */
function engineOver(
  states: readonly ScriptedAnswer[],
  pages: readonly object[] = [],
  options: Partial<AthenaOptions> = {},
) {
  let asked = 0;
  let page = 0;
  const network = scriptedNetwork((request) => {
    const action = actionOf(request);
    if (action === 'StartQueryExecution') return json({ QueryExecutionId: 'q1' });
    if (action === 'GetQueryExecution') {
      return states[Math.min(asked++, states.length - 1)] ?? jsonError('InternalServerException');
    }
    if (action === 'GetQueryResults') return json(pages[page++] ?? {});
    return json({});
  });
  const engine = athenaEngine({
    workgroup: 'analysts',
    database: 'swath',
    maxScanBytes: 1e9,
    pollMs: 0,
    client: new AthenaClient(network.config),
    ...options,
  });
  return { engine, network, actions: () => network.requests.map(actionOf) };
}

describe('a query in Athena', () => {
  it('runs in its workgroup and database, and comes back typed, with what it read', async () => {
    const header = cells('name', 'n', 'share', 'ok');
    const { engine, network } = engineOver(
      [execution('QUEUED'), execution('RUNNING', {}, 1000), execution('SUCCEEDED', {}, 3e9)],
      [
        { ResultSet: resultSet(header, cells('a', '3', '0.5', 'true')), NextToken: 'more' },
        {
          ResultSet: resultSet(
            cells('b', null, null, 'false'),
            cells(null, '9007199254740993', '1e300', null),
          ),
        },
      ],
      { maxScanBytes: 5e9 },
    );
    expect(await engine.query('SELECT 1', { maxRows: 10 })).toEqual({
      columns: [
        { name: 'name', type: 'VARCHAR' },
        { name: 'n', type: 'BIGINT' },
        { name: 'share', type: 'DOUBLE' },
        { name: 'ok', type: 'BOOLEAN' },
      ],
      rows: [
        ['a', 3, 0.5, true],
        ['b', null, null, false],
        [null, '9007199254740993', '1e300', null],
      ],
      cut: false,
      scan: { bytes: 3e9, usd: 0.015 },
    });
    expect(JSON.parse(bodyText(network.requests[0] as SentRequest))).toMatchObject({
      QueryString: 'SELECT 1',
      WorkGroup: 'analysts',
      QueryExecutionContext: { Database: 'swath' },
    });
  });

  it('keeps a first row that is no header, and asks for no page beyond the rows that are wanted', async () => {
    const rows = [cells('x', '1', '1', 'true'), cells('y', '2', '2', 'true')];
    const { engine, actions } = engineOver(
      [execution('SUCCEEDED')],
      [{ ResultSet: resultSet(...rows), NextToken: 'more' }],
    );
    expect(await engine.query('SHOW TABLES', { maxRows: 1 })).toMatchObject({
      rows: [['x', 1, 1, true]],
      cut: true,
    });
    expect(actions().filter((action) => action === 'GetQueryResults')).toHaveLength(1);
  });

  it('is stopped once it has read more than allowed', async () => {
    const { engine, actions } = engineOver([execution('RUNNING', {}, 2e9)]);
    await expect(engine.query('SELECT 1', { maxRows: 1 })).rejects.toMatchObject({ code: 'LimitExceeded' });
    expect(actions().at(-1)).toBe('StopQueryExecution');
  });

  it('is stopped when its user goes away', async () => {
    const { engine, actions } = engineOver([execution('RUNNING')]);
    const stopped = engine.query('SELECT 1', { maxRows: 1, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'Cancelled' });
    expect(actions().at(-1)).toBe('StopQueryExecution');
  });

  it.each([
    [
      'InvalidInput',
      { StateChangeReason: 'line 1:8: Column x cannot be resolved', AthenaError: { ErrorCategory: 2 } },
    ],
    ['Unavailable', { StateChangeReason: 'Query exhausted resources', AthenaError: { ErrorCategory: 1 } }],
    ['LimitExceeded', { StateChangeReason: 'Query cancelled! : Bytes scanned limit was exceeded' }],
  ])('that fails says so in the words of Athena: %s', async (code, status) => {
    const { engine } = engineOver([execution('FAILED', status)]);
    await expect(engine.query('SELECT x', { maxRows: 1 })).rejects.toMatchObject({
      code,
      message: status.StateChangeReason,
    });
  });

  it('costs what the price list says, and at least what 10 MB cost', () => {
    expect(scanUsd(1e12)).toBe(5);
    expect(scanUsd(0)).toBe(0.00005);
  });
});

const moto = findMoto();

describe.skipIf(moto === undefined)('a query in an emulated Athena', () => {
  let server: EmulatorServer;
  let client: AthenaClient;
  beforeAll(async () => {
    server = await startMoto(moto ?? '');
    client = new AthenaClient(clientConfig(server));
    await client.send(new CreateWorkGroupCommand({ Name: 'analysts' }));
    await fetch(`${server.endpoint}/moto-api/static/athena/query-results`, {
      method: 'POST',
      body: JSON.stringify({
        account_id: '123456789012',
        region: 'eu-central-1',
        results: [{ rows: [cells('n'), cells('7')], column_info: [{ Name: 'n', Type: 'bigint' }] }],
      }),
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  it('goes through the SDK from start to answer', async () => {
    const engine = athenaEngine({
      workgroup: 'analysts',
      database: 'swath',
      maxScanBytes: 1e9,
      pollMs: 10,
      client,
    });
    expect(await engine.query('SELECT count(*) AS n FROM results', { maxRows: 10 })).toMatchObject({
      rows: [[7]],
      cut: false,
    });
  });

  it('names a workgroup that is not there', async () => {
    const engine = athenaEngine({ workgroup: 'none', database: 'swath', maxScanBytes: 1e9, client });
    await expect(engine.query('SELECT 1', { maxRows: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'InvalidInput' }),
    );
  });
});

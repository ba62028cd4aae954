import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningServer, sendJson, startServer } from '../../../test/support/http-server.ts';
import { swathRunner } from '../../../test/support/swath-runner.ts';

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** The command against an Athena that has read so many bytes. @returns what it printed, and what it asked for. */
async function athena(state: 'RUNNING' | 'SUCCEEDED', scannedBytes: number, ...flags: readonly string[]) {
  const asked: string[] = [];
  server = await startServer((request, response) => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    asked.push(action);
    const answers: Readonly<Record<string, unknown>> = {
      StartQueryExecution: { QueryExecutionId: 'q1' },
      GetQueryExecution: {
        QueryExecution: { Status: { State: state }, Statistics: { DataScannedInBytes: scannedBytes } },
      },
      GetQueryResults: {
        ResultSet: {
          Rows: [{ Data: [{ VarCharValue: 'n' }] }, { Data: [{ VarCharValue: '7' }] }],
          ResultSetMetadata: { ColumnInfo: [{ Name: 'n', Type: 'bigint' }] },
        },
      },
    };
    sendJson(response, 200, answers[action] ?? {});
  });
  const swath = swathRunner({
    cwd: tmpdir(),
    env: {
      AWS_ENDPOINT_URL_ATHENA: server.origin,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      SWATH_ATHENA_WORKGROUP: 'swath-dev',
      SWATH_ATHENA_DATABASE: 'swath_dev',
    },
  });
  return { ran: await swath(['sql', 'SELECT count(*) AS n FROM results', ...flags]), asked };
}

describe('sql in Athena', () => {
  it('answers as on one machine, and says what the query read and costs', async () => {
    const { ran } = await athena('SUCCEEDED', 4e9);
    expect(ran).toMatchObject({ code: 0, stdout: 'n\n7\n1 row\n' });
    expect(ran.stderr).toBe('Athena read 4000.0 MB: $0.02.\n');
  });

  it('has the cost in JSON, too', async () => {
    const { ran } = await athena('SUCCEEDED', 4e9, '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({ rows: [{ n: 7 }], scan: { bytes: 4e9, usd: 0.02 } });
  });

  it('stops a query that reads more than --max-scan', async () => {
    const { ran, asked } = await athena('RUNNING', 2e9, '--max-scan', '1');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('at most 1000000000');
    expect(asked.at(-1)).toBe('StopQueryExecution');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFolder } from '@swath/local/table-folder';
import { createRequest, type RequestRecord, type RequestSpecInput, recordEnded } from '@swath/requests';
import { type Behaviour, type Run, testSpec, testWorld } from '@swath/requests/testing/index';
import { openLocalTables } from '../duckdb/engine.ts';
import type { SqlAnswer } from '../sql/answer.ts';
import { recordRequest } from './record-request.ts';

export type TemporaryTables = ReturnType<typeof temporaryTables>;

/** A folder of tables in a temporary place. */
export function temporaryTables() {
  const folder = mkdtempSync(join(tmpdir(), 'swath-record-'));
  const files = tableFolder(folder);
  return {
    folder,
    files,
    remove: () => rmSync(folder, { recursive: true, force: true }),
    /** At most 100 rows. */
    async sql(text: string): Promise<SqlAnswer['rows']> {
      const engine = await openLocalTables(folder);
      try {
        return (await engine.query(text, { maxRows: 100 })).rows;
      } finally {
        await engine.close();
      }
    },
    /** Keys of all files. */
    keys: async () => (await files.list('')).objects.map(({ key }) => key),
    /** A world whose ended requests go into the tables; `records` holds every record that was made. */
    recordingWorld(behave?: (run: Run) => Behaviour | undefined) {
      const records: RequestRecord[] = [];
      const world = testWorld({
        ...(behave === undefined ? {} : { behave }),
        record: (deps, message) =>
          recordEnded(deps, message, [
            async (record) => {
              records.push(record);
              await recordRequest({ analytics: files, results: deps.results }, record);
            },
          ]),
      });
      const ask = async (changes: Partial<RequestSpecInput> = {}, project = 'p1', user = 'idp:ada') => {
        const { request } = await createRequest(world.deps, { project, user, body: testSpec(changes) });
        await world.drain();
        return request.id;
      };
      return { world, records, ask };
    },
  };
}

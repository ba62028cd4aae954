import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as z from 'zod';

const found = z.array(z.looseObject({ message: z.string() }));

/** What a grammar finds wrong in a text, in its own words; nothing when it parses. */
export interface SqlGrammars {
  /** Queries as Athena takes them. */
  trino(sql: string): readonly string[];
  /** `CREATE EXTERNAL TABLE`, which Athena hands to Hive. */
  hive(sql: string): readonly string[];
}

/**
 * The grammars of dt-sql-parser. Its ESM names files without extensions, which Node does not find (version 4.5.1), so it
 * is bundled first.
 */
export async function sqlGrammars(): Promise<SqlGrammars> {
  const folder = await mkdtemp(join(tmpdir(), 'swath-grammar-'));
  try {
    const outfile = join(folder, 'grammars.mjs');
    await build({
      stdin: {
        contents: `import { TrinoSQL, HiveSQL } from 'dt-sql-parser';
          const trino = new TrinoSQL(); const hive = new HiveSQL();
          export const check = { trino: (sql) => trino.validate(sql), hive: (sql) => hive.validate(sql) };`,
        resolveDir: resolve(import.meta.dirname, '../..'),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      outfile,
    });
    const { check } = await import(pathToFileURL(outfile).href);
    const messages = (errors: unknown) => found.parse(errors).map(({ message }) => message);
    return { trino: (sql) => messages(check.trino(sql)), hive: (sql) => messages(check.hive(sql)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

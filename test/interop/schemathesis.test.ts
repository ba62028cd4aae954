import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/start.ts';
import { type OwnSystem, START_TIMEOUT_MS, startSystem } from '../support/system.ts';

/** The command; `SWATH_SCHEMATHESIS` names one that is not on the path. */
const schemathesis = process.env['SWATH_SCHEMATHESIS'] ?? 'schemathesis';
const isThere = spawnSync(schemathesis, ['--version']).status === 0;
if (!isThere) console.warn('skipped: no schemathesis (pip install schemathesis), so /api is not fuzzed');

/** Calls of each operation that are made up, besides the boundary cases; fuzzing stops when the time is over. By hand, both may be more. */
const EXAMPLES = process.env['SWATH_SCHEMATHESIS_EXAMPLES'] ?? '6';
const SECONDS = Number(process.env['SWATH_SCHEMATHESIS_SECONDS'] ?? '45');

const data = temporaryFolder('schemathesis');
let system: OwnSystem | undefined;
let url = '';
let token = '';

beforeAll(async () => {
  if (!isThere) return;
  system = await startSystem('schemathesis', { SWATH_AUTH: 'token' });
  url = system.url;
  token = (await system.started.saw(/admin:\n(\S+)/))[1] ?? '';
}, START_TIMEOUT_MS);

afterAll(async () => {
  await system?.stop();
  data.remove();
});

/** Not waited for in this thread: what the server prints has to be read meanwhile. */
function run(args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(schemathesis, args, {
    cwd: data.path,
    env: { ...process.env, SWATH_TOKEN: token, NO_COLOR: '1' },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += String(piece)));
  return new Promise((done) => child.on('close', (code) => done({ code, text })));
}

describe.skipIf(!isThere)('the API under schemathesis', () => {
  it(
    'answers made-up calls, right and wrong ones, as its OpenAPI document says',
    async () => {
      const config = join(import.meta.dirname, 'schemathesis.toml');
      const { code, text } = await run([
        '--config-file',
        config,
        'run',
        `${url}/api`,
        ...['--max-examples', EXAMPLES, '--max-time', String(SECONDS), '--no-shrink'],
      ]);
      // Without its closing line, which whoever reads the log of all tests would take for theirs.
      console.warn(text.slice(text.indexOf('API Operations:')).replaceAll(/^=.*$/gm, '').trim());
      expect(code, text.slice(-20_000)).toBe(0);
    },
    120_000 + 2 * SECONDS * 1000,
  );
});

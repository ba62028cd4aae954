import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startScript, temporaryFolder } from './start.ts';

const folder = temporaryFolder('start');
afterAll(() => folder.remove());

describe('what a started program printed', () => {
  it('is matched by whole lines of one stream, however they arrive', async () => {
    const script = join(folder.path, 'slow.mjs');
    // The token's line comes in two pieces, after the other stream had its say.
    writeFileSync(
      script,
      `import { setTimeout as sleep } from 'node:timers/promises';
      process.stderr.write('Starting\\n');
      await sleep(50);
      process.stdout.write('admin:\\n');
      await sleep(100);
      process.stdout.write('half');
      await sleep(100);
      process.stdout.write(' and half\\n');`,
    );
    const started = startScript(script, [], {});
    expect((await started.saw(/admin:\n(.+)/))[1]).toBe('half and half');
    expect((await started.saw(/Start.*/))[0]).toBe('Starting');
    expect((await started.finished).code).toBe(0);
    await expect(started.saw(/never/)).rejects.toThrow('ended without');
  });
});

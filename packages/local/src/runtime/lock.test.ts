import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFolder } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tries to lock in another process; that process dies with the lock held. */
function tryElsewhere(): string {
  const program = `import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    try { lockFolder(${JSON.stringify(folder)}); console.log('locked'); } catch (error) { console.log(error.code); }
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return child.stdout.trim();
}

describe('the lock of a data folder', () => {
  it('keeps a second process out, and none after its holder was released or killed', () => {
    const lock = lockFolder(folder);
    expect(tryElsewhere()).toBe('Conflict');
    lock.release();
    expect(tryElsewhere()).toBe('locked');
    expect(tryElsewhere()).toBe('locked');
  });
});

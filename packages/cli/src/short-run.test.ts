import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shortRunFlags } from './short-run.ts';

it('sets flags that this V8 has', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const flag of shortRunFlags) {
    expect(known).toContain(`--${flag.replace(/^--(no-)?/, '').replace(/=.*/, '')} (`);
  }
});

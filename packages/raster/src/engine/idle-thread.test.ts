import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('keeps the process until it has ended, once it is asked to, even if it did not before', () => {
  const module = JSON.stringify(join(import.meta.dirname, 'worker-executor.ts'));
  // Without --input-type, which a thread would inherit and refuse.
  const script = `void import(${module}).then(({ hire, sourcesOf }) => {
    const thread = hire(sourcesOf(async (href) => ({ kind: 'file', path: href })));
    thread.keepsProcess('no');
    void thread.end().then(() => console.log('ended'));
  });`;
  const said = execFileSync(process.execPath, ['--eval', script], {
    encoding: 'utf8',
  });
  expect(said).toBe('ended\n');
});

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('loads no client of HTTP beside that of Node', () => {
  const module = join(import.meta.dirname, 'connections.ts');
  const script = `await import(${JSON.stringify(module)}); console.log(process.moduleLoadList.filter((name) => name.includes('undici')).join());`;
  const loaded = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect(loaded.trim()).toBe('');
});

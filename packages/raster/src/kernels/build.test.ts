import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildKernels } from './build.ts';

it('is the module that the sources compile to', { timeout: 60_000 }, async () => {
  const checkedIn = await readFile(join(import.meta.dirname, 'module.ts'), 'utf8');
  expect(checkedIn === (await buildKernels()), 'run `npm run build:kernels` and commit module.ts').toBe(true);
});

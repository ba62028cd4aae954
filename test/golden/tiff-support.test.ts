import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as limits from '@swath/raster/limits';
import { expect, it } from 'vitest';

it('the limits in docs/tiff-support.md are those of the code', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/tiff-support.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  expect(rows.length).toBeGreaterThan(10);
  const values = new Map<string | undefined, unknown>(Object.entries(limits));
  expect(rows).toEqual(rows.map(([name]) => [name, values.get(String(name))]));
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSha256 } from './digest.ts';
import { DIGEST_PART_BYTES } from './limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-digest-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the SHA-256 of a file', () => {
  it.each([0, 1, DIGEST_PART_BYTES - 1, DIGEST_PART_BYTES, 2 * DIGEST_PART_BYTES + 77])(
    'is that of its %i bytes',
    async (length) => {
      const path = join(folder, `${length}`);
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 9)) & 255);
      writeFileSync(path, bytes);
      expect(await fileSha256(path)).toBe(createHash('sha256').update(bytes).digest('hex'));
    },
  );

  it('is not waited for by whoever stops', async () => {
    const path = join(folder, 'stopped');
    writeFileSync(path, 'some');
    await expect(fileSha256(path, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs `action` with a folder that nobody else has: its name ends in characters the system chose and created
 * exclusively, so that two attempts can never share one. It is removed at the end, whatever the end is.
 */
export async function withScratch<T>(
  base: string | undefined,
  name: string,
  action: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = base ?? tmpdir();
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `swath-${name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)}-`));
  try {
    return await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

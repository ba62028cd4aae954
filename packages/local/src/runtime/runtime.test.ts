import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startLocal } from './runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-runtime-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a runtime that cannot start', () => {
  it('says why, and leaves neither the port nor the folder taken', async () => {
    const dataFolder = join(folder, 'data');
    const catalogue = join(folder, 'catalogue');
    for (const made of [dataFolder, catalogue]) mkdirSync(made);
    writeFileSync(join(dataFolder, 'table.sqlite'), 'this is no database, however long it is made to look');
    const port = await freePort();
    await expect(startLocal({ dataFolder, port, catalogue })).rejects.toThrow(/./);
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();

    rmSync(join(dataFolder, 'table.sqlite'));
    const runtime = await startLocal({ dataFolder, port, catalogue });
    expect((await fetch(`${runtime.url}/health`)).status).toBe(200);
    await runtime.stop();
  });
});

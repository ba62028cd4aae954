import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CommandFailed, measureCommand } from './measure-command.ts';
import { startRangeServer } from './range-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('measuring a command', () => {
  it('counts the CPU time and memory of its children', async () => {
    const child = 'const b = Buffer.alloc(2e8, 1); while (process.cpuUsage().user < 3e5) b.fill(2);';
    // The shell itself does nothing; all of the time is its child's.
    const measured = await measureCommand(
      { argv: ['bash', '-c', '"$0" -e "$1"; true', process.execPath, child] },
      20_000,
    );
    expect(measured.cpuS).toBeGreaterThanOrEqual(0.3);
    if (process.platform === 'linux') expect(measured.peakBytes).toBeGreaterThan(2e8);
  });

  it('tells an exit code and the last words', async () => {
    const failed = measureCommand({ argv: ['bash', '-c', 'echo oh dear >&2; exit 3'] }, 20_000);
    await expect(failed).rejects.toThrow(/exit code 3.*\noh dear/s);
  });

  it('kills the whole group of one that does not end', async () => {
    const marker = join(folder, 'pid');
    const hung = measureCommand({ argv: ['bash', '-c', `sleep 600 & echo $! > ${marker}; wait`] }, 1500);
    await expect(hung).rejects.toThrow(CommandFailed);
    const pid = Number(readFileSync(marker, 'utf8'));
    // The kernel may take a moment to clear it away.
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 5000);
  });
});

describe('the range server', () => {
  it('serves ranges of the files it was given, and counts them', async () => {
    const path = join(folder, 'ten');
    writeFileSync(path, '0123456789');
    const server = await startRangeServer({ ten: path });
    try {
      const get = (name: string, range?: string) =>
        fetch(`${server.origin}/${name}`, range === undefined ? {} : { headers: { range } });
      const part = await get('ten', 'bytes=2-4');
      expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 2-4/10']);
      expect(await part.text()).toBe('234');
      expect(await (await get('ten', 'bytes=8-99')).text()).toBe('89');
      expect((await get('ten', 'bytes=10-11')).status).toBe(416);
      expect((await get('ten')).status).toBe(400);
      expect((await get('other', 'bytes=0-1')).status).toBe(404);
      expect(server.traffic()).toEqual({ ten: { requests: 2, bytes: 5 } });
    } finally {
      await server.close();
    }
  });
});

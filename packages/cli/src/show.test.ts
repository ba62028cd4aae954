import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SwathError } from '@swath/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentKey, fakeRequest } from '../../../test/support/fake-api.ts';
import { fakeServer } from '../../../test/support/fake-server.ts';
import { runShow, type ShowOptions, type ShowTools } from './show.ts';
import type { Terminal } from './terminal.ts';

interface Recorded {
  readonly terminal: Terminal;
  readonly stop: AbortController;
  out(): string;
  err(): string;
}

/** A terminal that keeps what is written; `onOut` hears each piece of stdout. */
function record(how: { tty: boolean; env?: Terminal['env']; onOut?: (text: string) => void }): Recorded {
  const stop = new AbortController();
  let out = '';
  let err = '';
  let ms = 0;
  return {
    stop,
    out: () => out,
    err: () => err,
    terminal: {
      stdout: {
        isTTY: how.tty,
        columns: 80,
        write(text) {
          out += text;
          how.onOut?.(text);
        },
      },
      stderr: {
        isTTY: how.tty,
        write(text) {
          err += text;
        },
      },
      env: how.env ?? {},
      signal: stop.signal,
      // Time goes by by looking at it: every drawing is due.
      now: () => (ms += 1001),
      readStdin: async () => '',
    },
  };
}

let server: Awaited<ReturnType<typeof fakeServer>>;
let folder: string;
let stops: number;
let tools: ShowTools;
let options: ShowOptions;

beforeEach(async () => {
  server = await fakeServer();
  folder = await mkdtemp(join(tmpdir(), 'swath-show-'));
  stops = 0;
  options = { dataFolder: folder, port: 0, auth: 'machine' as const, afterwards: 'exit' };
  tools = {
    startLocal: async () => ({
      url: server.url,
      stop: async () => {
        stops++;
      },
    }),
    firstRequest: async () => ({ pipeline: { index: 'NDVI' } }),
    terminalPicture: async (path, { columns }) => `picture of ${basename(path)} in ${columns} columns`,
  };
});

afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('npm start', () => {
  it('orders, follows, tells what came out with files that are there, and ends with 0', async () => {
    const seen = record({ tty: false });
    expect(await runShow(options, seen.terminal, tools)).toBe(0);
    expect(seen.err().split('\n').slice(2)).toEqual([
      'ordering: 4 scenes',
      'acquiring',
      'processing: 2 of 4 chunks',
      'publishing: 4 products',
      'succeeded',
      '',
    ]);
    expect(seen.out()).toContain('2024-07-05      0.720      0.0    100.0');
    expect(seen.out()).toContain(`${server.url}/results/${contentKey}/2024-03-12/ndvi.tif`);
    expect(seen.out()).not.toContain('picture of');
    const file = /^ {2}(\/.*2024-03-12\/ndvi\.tif)$/m.exec(seen.out())?.[1] ?? '';
    expect(await readFile(file, 'utf8')).toBe('cog of 2024-03-12');
    expect(stops).toBe(1);
  });

  it('redraws on a terminal, and shows the clearest date where there are colours', async () => {
    const seen = record({ tty: true, env: { COLORTERM: 'truecolor' } });
    expect(await runShow(options, seen.terminal, tools)).toBe(0);
    expect(seen.err()).toContain('\u001b[5A\u001b[2K');
    expect(seen.err()).toMatch(/✓.*publishing/);
    expect(seen.out()).toContain('picture of ndvi.tif in 48 columns');
  });

  it('has no colour, no picture and no cursor movement against NO_COLOR', async () => {
    const seen = record({ tty: true, env: { COLORTERM: 'truecolor', NO_COLOR: '1' } });
    await runShow(options, seen.terminal, tools);
    expect(seen.out()).not.toContain('\u001b');
    expect(seen.out()).not.toContain('picture of');
  });

  it('stays up until Ctrl-C', async () => {
    const seen = record({
      tty: false,
      onOut(text) {
        if (text.includes('stays up')) seen.stop.abort();
      },
    });
    expect(await runShow({ ...options, afterwards: 'stay' }, seen.terminal, tools)).toBe(0);
    expect(seen.out()).toContain(`Swath stays up at ${server.url}`);
    expect(stops).toBe(1);
  });

  it('ends with 1 and the reason when the request fails', async () => {
    const failure = {
      reason: 'X',
      message: 'No pixels.',
      fault: 'user' as const,
      retryable: false,
      fix: 'Move.',
    };
    Object.assign(server.requests, {
      create: async () => {
        const request = fakeRequest({ id: 'f', state: 'failed', results: [], failure });
        server.requests.all.set('f', request);
        return { request, created: true };
      },
    });
    const seen = record({ tty: false });
    expect(await runShow(options, seen.terminal, tools)).toBe(1);
    expect(seen.err()).toContain('X: No pixels.\nwhat to do: Move.');
    expect(stops).toBe(1);
  });

  it('stops what it started when anything goes wrong', async () => {
    const broken = {
      ...tools,
      firstRequest: async () => {
        throw new SwathError('NotFound', 'No sample.');
      },
    };
    await expect(runShow(options, record({ tty: false }).terminal, broken)).rejects.toThrow('No sample.');
    expect(stops).toBe(1);
  });
});

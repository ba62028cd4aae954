import { execFileSync } from 'node:child_process';
import { on } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import type { FromEvaluator } from '@swath/api/openeo/evaluator/messages';
import { parseProcess } from '@swath/graph';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleHandler, handlerNames } from '../../lib/bundling/handler-bundle.ts';
import { ENTRY_BYTES_MAX, HANDLER_BYTES_MAX } from '../../lib/bundling/limits.ts';

import { handlersOf } from './support/assembly.ts';
import { synthesise } from './support/synthesise.ts';

const scratch = mkdtempSync(join(tmpdir(), 'swath-handlers-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const names = handlerNames();
const bundles = new Map(names.map((name) => [name, bundleHandler(name, join(scratch, name))]));

/** Prints user and system CPU of evaluating a bundle, in ms. */
const evaluate =
  'const from=process.cpuUsage();const{handler}=await import(process.argv[1]);const{user,system}=process.cpuUsage(from);' +
  'if(typeof handler!=="function")throw new Error("no handler");console.log(Math.round((user+system)/1000));';

describe.each([...bundles])('the bundle of %s', (name, { folder, files, entries, externals }) => {
  const { bytes: entry, sources } = entries.get('index') ?? { bytes: Number.NaN, sources: [] };

  it('is bounded, and evaluates with an empty environment', () => {
    const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
    const zipped = [...files.keys()].reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length,
      0,
    );
    const cpuMs = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', evaluate, join(folder, 'index.mjs')],
      {
        env: {},
        encoding: 'utf8',
      },
    ).trim();
    const mb = (n: number) => `${(n / 1e6).toFixed(2)} MB`;
    console.info(
      `${name}: cold start reads ${mb(entry)} and takes ${cpuMs} ms of CPU; ${mb(bytes)} in all, ${mb(zipped)} zipped`,
    );
    expect(entry).toBeLessThan(name === 'api' ? ENTRY_BYTES_MAX.api : ENTRY_BYTES_MAX.other);
    expect(bytes).toBeLessThan(HANDLER_BYTES_MAX);
  });

  it('loads nothing but Node, itself, and packages it carries or may miss', () => {
    const carried = [...files.keys()].filter((file) => file.startsWith('node_modules/'));
    for (const from of externals) {
      const there = isBuiltin(from) || carried.some((file) => file.startsWith(`node_modules/${from}/`));
      // Drawing and JPEG blocks: handlers that need it are given the binary of their processor.
      expect(there || from === 'sharp', from).toBe(true);
    }
    expect(carried.every((file) => !file.endsWith('.node'))).toBe(true);
  });

  it('has no codec in what a cold start reads', () => {
    expect(sources.length).toBeGreaterThan(30);
    const codecs =
      /node_modules\/(geotiff|zstddec|lerc|pako|undici|proj4-list)\/|codec\/openjpeg\.ts|open-jp2\.ts/;
    expect(sources.filter((source) => codecs.test(source))).toEqual([]);
  });
});

describe('the thread of the API', () => {
  it('evaluates a graph to a picture with what lies in the bundle, without native code', async () => {
    const folder = bundles.get('api')?.folder ?? '';
    const pixels = (name: 'x' | 'y', values: number[]) => ({
      [name]: { type: 'spatial', axis: name, values },
    });
    const data = {
      type: 'datacube',
      order: ['y', 'x'],
      dimensions: { ...pixels('y', [2, 1]), ...pixels('x', [1, 2, 3]) },
      data: [
        [1, 2, 3],
        [4, 5, null],
      ],
    };
    const graph = { a: { process_id: 'trim_cube', arguments: { data }, result: true } };
    const worker = new Worker(join(folder, 'start-evaluator.mjs'), { env: {} });
    try {
      const position = new Int32Array(new SharedArrayBuffer(4));
      const document = parseProcess({ process_graph: graph });
      worker.postMessage({ document, cubes: [], format: 'PNG', folder: scratch, position });
      let answer: FromEvaluator = { kind: 'started' };
      for await (const [message] of on(worker, 'message') as AsyncIterable<[FromEvaluator]>) {
        answer = message;
        if (message.kind !== 'started') break;
      }
      expect(answer).toMatchObject({ kind: 'done', file: { contentType: 'image/png' } });
      const { bytes } = answer.kind === 'done' ? answer.file : { bytes: new Uint8Array() };
      expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    } finally {
      await worker.terminate();
    }
  });
});

describe('the stacks', () => {
  const app = synthesise('dev');
  afterAll(() => app.remove());
  const made = new Map(handlersOf(app.stage).map((one) => [one.contract.name, one]));

  it('have every handler there is', () => {
    expect([...made.keys()].sort()).toEqual([...names].sort());
  });

  it('give sharp to whoever could load it, and to nobody else', () => {
    const needing = names.filter((name) => bundles.get(name)?.externals.has('sharp'));
    expect(needing).toEqual(['api', 'image', 'uploads']);
    const given = names.filter((name) => made.get(name)?.installed.includes('sharp'));
    expect(given).toEqual(needing);
  });
});

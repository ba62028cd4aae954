import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadVectors, meets } from '../../../test/support/openeo-vectors.ts';
import { swathRunner } from '../../../test/support/swath-runner.ts';

let folder: string;
let swath: ReturnType<typeof swathRunner>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swath-graph-'));
  swath = swathRunner({ cwd: folder, env: {} });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const linesOf = (text: string): readonly unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

const vectors = loadVectors();
if (vectors.length === 0) console.warn('skipped: no shared data');

describe('swath graph eval', () => {
  it('answers every call of a JSON5 document with a line, also those that fail', async () => {
    await writeFile(
      join(folder, 'calls.json5'),
      `// two that work around two that do not
      [{process_id: 'add', arguments: {x: 1, y: Infinity}}, {process_id: 'nope', arguments: {}}, 7,
       {process_id: 'clip', arguments: {x: 1, min: 2, max: 1}}, {process_id: 'first', arguments: {data: [{type: 'nodata'}]}},]`,
    );
    const ran = await swath(['graph', 'eval', 'calls.json5', '--json']);
    expect(linesOf(ran.stdout)).toEqual([
      { returns: 'Infinity' },
      { throws: 'ProcessUnsupported', message: expect.stringContaining('"nope"') },
      { throws: 'ProcessGraphInvalid', message: expect.any(String) },
      { throws: 'MinMaxSwapped', message: expect.any(String) },
      { returns: null },
    ]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  it('reads one call, or a whole process, from standard input', async () => {
    const one = await swath(['graph', 'eval', '-', '--json'], {
      stdin: '{"process_id":"pi","arguments":{}}',
    });
    expect(one.stdout).toBe(`{"returns":${Math.PI}}\n`);
    const graph = {
      a: { process_id: 'sum', arguments: { data: [1, 2] } },
      b: { process_id: 'sqrt', arguments: { x: { from_node: 'a' } }, result: true },
    };
    const whole = await swath(['graph', 'eval', '-'], { stdin: JSON.stringify({ process_graph: graph }) });
    expect(whole.stdout).toBe(`${Math.sqrt(3)}\n`);
  });

  it('says where a document is broken', async () => {
    const ran = await swath(['graph', 'eval', '-', '--json'], { stdin: '[{' });
    expect(linesOf(ran.stdout)).toMatchObject([
      { error: { code: 'InvalidInput', message: expect.stringContaining('1:3') } },
    ]);
    expect(ran.code).toBe(2);
  });

  it.skipIf(vectors.length === 0)(
    'gives for all official vectors what evaluating in process gives',
    async () => {
      const calls = vectors.map((vector) => ({ process_id: vector.process, arguments: vector.arguments }));
      // JSON has no NaN: JSON5 does, and so does the file.
      const { default: JSON5 } = await import('json5');
      await writeFile(join(folder, 'vectors.json5'), JSON5.stringify(calls));
      const lines = linesOf((await swath(['graph', 'eval', 'vectors.json5', '--json'])).stdout);
      expect(lines.length).toBe(vectors.length);
      expect(vectors.filter((vector, i) => meets(vector, lines[i])).length).toBe(699);
    },
  );
});

describe('swath graph validate', () => {
  it('tells all problems and ends with 2, or says valid', async () => {
    const broken = {
      a: { process_id: 'foo', arguments: {} },
      b: { process_id: 'add', arguments: { x: { from_node: 'c' }, y: 1 }, result: true },
    };
    const ran = await swath(['graph', 'validate', '-', '--json'], { stdin: JSON.stringify(broken) });
    expect(linesOf(ran.stdout)).toMatchObject([
      {
        valid: false,
        problems: [
          { code: 'ProcessUnsupported', node: 'a' },
          { code: 'ProcessGraphInvalid', node: 'b' },
        ],
      },
    ]);
    expect(ran.code).toBe(2);
    const good = await swath(['graph', 'validate', '-'], {
      stdin: '{"a":{"process_id":"pi","result":true}}',
    });
    expect(good).toMatchObject({ code: 0, stdout: 'valid\n' });
  });
});

describe('swath graph processes', () => {
  it('lists by a word, with the definitions as JSON', async () => {
    const text = await swath(['graph', 'processes', 'date_shift']);
    expect(text.stdout).toMatch(/date_shift\s+date, value, unit\s+An earlier or later date/);
    const json = await swath(['graph', 'processes', 'date_shift', '--json']);
    expect(linesOf(json.stdout)).toMatchObject([
      [{ id: 'date_shift', parameters: [{ name: 'date' }, { name: 'value' }, { name: 'unit' }] }],
    ]);
  });
});

import { isSwathError } from '@swath/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateProcess } from '../evaluate/evaluate.ts';
import { encodeValue } from '../values/encode.ts';
import { checkGraphText, parseProcess } from './parse.ts';
import { assertValid, validateProcess } from './validate.ts';

const add = (x: unknown, y: unknown, rest = {}) => ({ process_id: 'add', arguments: { x, y }, ...rest });
const result = { result: true };

/** Codes with the nodes they are about. */
function problemsOf(document: unknown): readonly string[] {
  return validateProcess(parseProcess(document)).map(({ code, node }) =>
    node === undefined ? code : `${code} ${node}`,
  );
}

/** openEO's name for why it is refused; undefined when it is not. */
function refusal(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isSwathError(error)) return error.reason;
    throw error;
  }
}

function chain(length: number, last: object = result): Record<string, unknown> {
  const entries = Array.from({ length }, (_, i) => [
    `n${i}`,
    {
      process_id: 'absolute',
      arguments: { x: i === 0 ? 1 : { from_node: `n${i - 1}` } },
      ...(i === length - 1 ? last : {}),
    },
  ]);
  return Object.fromEntries(entries);
}

function nestedCallbacks(depth: number): unknown {
  if (depth === 0) return { c: add(1, 2, result) };
  const process = { process_graph: nestedCallbacks(depth - 1) };
  return { c: { process_id: 'array_apply', arguments: { data: [1], process }, ...result } };
}

const own = (text: string): unknown => JSON.parse(text);

describe('validating a process graph', () => {
  it.each<readonly [name: string, graph: unknown, problems: readonly string[]]>([
    ['one node', { a: add(1, 2, result) }, []],
    ['no result', { a: add(1, 2) }, ['ProcessGraphInvalid']],
    ['two results', { a: add(1, 2, result), b: add(1, 2, result) }, ['ProcessGraphInvalid b']],
    ['a node that needs itself', { a: add({ from_node: 'a' }, 2, result) }, ['ProcessGraphInvalid a']],
    [
      'a cycle',
      { a: add({ from_node: 'b' }, 1), b: add({ from_node: 'a' }, 1, result) },
      ['ProcessGraphInvalid a'],
    ],
    [
      'a cycle behind a start',
      { s: add(1, 2), a: add({ from_node: 's' }, { from_node: 'b' }), b: add({ from_node: 'a' }, 1, result) },
      ['ProcessGraphInvalid a'],
    ],
    [
      'a cycle through an array',
      { a: { process_id: 'sum', arguments: { data: [1, { from_node: 'a' }] }, ...result } },
      ['ProcessGraphInvalid a'],
    ],
    ['a reference to nowhere', { a: add({ from_node: 'b' }, 1, result) }, ['ProcessGraphInvalid a']],
    [
      'a parameter nobody declares',
      { a: add({ from_parameter: 'q' }, 1, result) },
      ['ProcessGraphInvalid a'],
    ],
    [
      'every unknown process',
      { a: { process_id: 'foo', arguments: {} }, b: { process_id: 'bar', ...result } },
      ['ProcessUnsupported a', 'ProcessUnsupported b'],
    ],
    [
      'a process of somebody else',
      { a: { ...add(1, 2, result), namespace: 'https://example.com' } },
      ['ProcessUnsupported a'],
    ],
    ['a process of the server, said so', { a: { ...add(1, 2, result), namespace: 'backend' } }, []],
    [
      'a missing argument',
      { a: { process_id: 'add', arguments: { x: 1 }, ...result } },
      ['ProcessParameterRequired a'],
    ],
    [
      'an argument nobody asked for',
      { a: { process_id: 'add', arguments: { x: 1, y: 2, z: 3 }, ...result } },
      ['ProcessParameterUnsupported a'],
    ],
    ['an argument of another type', { a: add('one', 2, result) }, ['ProcessParameterInvalid a']],
    [
      'a value of another type from a node',
      {
        a: { process_id: 'eq', arguments: { x: 1, y: 1 } },
        b: { process_id: 'sum', arguments: { data: { from_node: 'a' } }, ...result },
      },
      ['ProcessParameterInvalid b'],
    ],
    [
      'an array with a node in it',
      { a: add(1, 2), b: { process_id: 'sum', arguments: { data: [{ from_node: 'a' }, 3] }, ...result } },
      [],
    ],
    [
      'a callback that knows its parameter',
      {
        a: {
          process_id: 'array_apply',
          arguments: {
            data: [1],
            process: { process_graph: { b: add({ from_parameter: 'x' }, 1, result) } },
          },
          ...result,
        },
      },
      [],
    ],
    [
      'a callback with a parameter of another process',
      {
        a: {
          process_id: 'array_apply',
          arguments: {
            data: [1],
            process: { process_graph: { b: add({ from_parameter: 'data' }, 1, result) } },
          },
          ...result,
        },
      },
      ['ProcessGraphInvalid b'],
    ],
    [
      'a callback that refers to a node outside',
      {
        o: add(1, 2),
        a: {
          process_id: 'array_apply',
          arguments: { data: [1], process: { process_graph: { b: add({ from_node: 'o' }, 1, result) } } },
          ...result,
        },
      },
      ['ProcessGraphInvalid b'],
    ],
    [
      'half a bounding box',
      {
        a: {
          process_id: 'load_collection',
          arguments: { id: 'a', spatial_extent: { west: 1 }, temporal_extent: null },
          ...result,
        },
      },
      ['ProcessParameterInvalid a'],
    ],
    [
      'ids like properties of objects',
      own(
        '{"__proto__": {"process_id":"add","arguments":{"x":1,"y":{"from_node":"constructor"}},"result":true}, "constructor": {"process_id":"pi"}}',
      ),
      [],
    ],
    [
      'an unknown process called constructor',
      { a: { process_id: 'constructor', ...result } },
      ['ProcessUnsupported a'],
    ],
    [
      'an argument called __proto__',
      { a: { process_id: 'pi', arguments: own('{"__proto__": 1}'), ...result } },
      ['ProcessParameterUnsupported a'],
    ],
    [
      'a reference to an inherited name',
      { a: add({ from_node: 'toString' }, 1, result) },
      ['ProcessGraphInvalid a'],
    ],
    ['the longest chain', chain(500), []],
  ])('%s', (_, graph, problems) => {
    expect(problemsOf({ process_graph: graph })).toEqual(problems);
  });

  it.each<readonly [name: string, document: unknown, reason: string]>([
    ['null', null, 'ProcessGraphMissing'],
    ['an array', [], 'ProcessGraphMissing'],
    ['an empty object', {}, 'ProcessGraphMissing'],
    ['an empty graph', { process_graph: {} }, 'ProcessGraphInvalid'],
    ['a graph that is a list', { process_graph: [1] }, 'ProcessGraphInvalid'],
    ['a node that is null', { process_graph: { a: null } }, 'ProcessGraphInvalid'],
    ['a node without a process', { process_graph: { a: {} } }, 'ProcessGraphInvalid'],
    [
      'arguments that are a list',
      { process_graph: { a: { process_id: 'pi', arguments: [] } } },
      'ProcessGraphInvalid',
    ],
    [
      'a reference that is no text',
      { process_graph: { a: add({ from_node: 1 }, 1) } },
      'ProcessGraphInvalid',
    ],
    ['a chain of 20,000 nodes', { process_graph: chain(20_000) }, 'ProcessGraphComplexity'],
    ['callbacks in callbacks', { process_graph: nestedCallbacks(30) }, 'ProcessGraphComplexity'],
    [
      'arrays in arrays',
      { process_graph: { a: add(own(`${'['.repeat(5000)}${']'.repeat(5000)}`), 1, result) } },
      'ProcessGraphComplexity',
    ],
  ])('refuses %s', (_, document, reason) => {
    expect(refusal(() => parseProcess(document))).toBe(reason);
  });

  it('refuses a text over 256 kB before parsing it', () => {
    expect(refusal(() => checkGraphText(' '.repeat(256 * 1024 + 1)))).toBe('ProcessGraphComplexity');
    expect(refusal(() => checkGraphText(' '.repeat(256 * 1024)))).toBeUndefined();
  });

  it('names every missing process in one error', () => {
    const document = parseProcess({ a: { process_id: 'foo' }, b: { process_id: 'bar', ...result } });
    expect(() => assertValid(document)).toThrow(/"foo".*"bar"/);
  });

  it('points at the argument and says what would fit', () => {
    const [problem] = validateProcess(parseProcess({ process_graph: { 'a/b': add('one', 2, result) } }));
    expect(problem).toMatchObject({
      node: 'a/b',
      pointer: '/process_graph/a~1b/arguments/x',
      message: expect.stringContaining('a number or null'),
    });
  });

  it('leaves parameters with a default to the graph itself', () => {
    const document = {
      process_graph: { a: add({ from_parameter: 'q' }, 1, result) },
      parameters: [{ name: 'q', default: 4 }],
    };
    expect(problemsOf(document)).toEqual([]);
    expect(evaluateProcess(parseProcess(document))).toBe(5);
    expect(evaluateProcess(parseProcess(document), { q: 6 })).toBe(7);
  });
});

/** Graphs that are almost right: ids, processes, references and values from small pools, so that they meet. */
const ids = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1.5, Number.NaN, '2020-01-01', 'x', 'NaN'),
    fc.record({ from_node: ids }),
    fc.record({ from_parameter: fc.constantFrom('x', 'data', 'context', '__proto__') }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.record(
      {
        type: fc.constantFrom('datacube', 'labeled-array', 'datetime', 'nodata', 'Polygon'),
        data: tie('value'),
        dimensions: tie('value'),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ process_graph: tie('graph') }),
  ),
  node: fc.record(
    {
      process_id: fc.constantFrom(
        'add',
        'mean',
        'array_apply',
        'apply',
        'reduce_dimension',
        'array_create',
        'date_shift',
        'nope',
        '__proto__',
      ),
      arguments: fc.dictionary(
        fc.constantFrom('x', 'y', 'data', 'process', 'reducer', 'dimension', 'date', 'unit', '__proto__'),
        tie('value'),
      ),
      result: fc.boolean(),
    },
    { requiredKeys: ['process_id'] },
  ),
  graph: fc.dictionary(ids, tie('node'), { maxKeys: 4 }),
}));

describe('any document', () => {
  it('is refused with a name of openEO, or has a value that can be printed; a graph found valid is never refused as invalid', async () => {
    await fc.assert(
      fc.property(
        fc.oneof(values.graph, fc.record({ process_graph: values.graph }), fc.jsonValue()),
        (input) => {
          let isValid = false;
          try {
            const document = parseProcess(input);
            isValid = validateProcess(document).length === 0;
            expect(JSON.stringify(encodeValue(evaluateProcess(document)))).toBeTypeOf('string');
          } catch (error) {
            if (!isSwathError(error) || error.reason === undefined) throw error;
            if (isValid)
              expect([
                'ProcessUnsupported',
                'ProcessParameterRequired',
                'ProcessParameterUnsupported',
              ]).not.toContain(error.reason);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { parseProcess } from '../graph/parse.ts';
import { encodeValue } from '../values/encode.ts';
import { evaluateProcess } from './evaluate.ts';

const plane = (size: number) => ({
  type: 'datacube',
  order: ['a', 'b'],
  dimensions: {
    a: { type: 'other', values: Array.from({ length: size }, (_, i) => i) },
    b: { type: 'other', values: [0] },
  },
  data: null,
});

/** `length` nodes, each with all cells of the one before. */
function chain(length: number, tail: Record<string, unknown> = {}) {
  const nodes: Record<string, unknown> = {
    n0: { process_id: 'constant', arguments: { x: 1 } },
  };
  for (let i = 1; i <= length; i++) {
    const data = i === 1 ? plane(100) : { from_node: `n${i - 1}` };
    nodes[`n${i}`] = {
      process_id: 'rename_dimension',
      arguments: { data, source: i % 2 === 1 ? 'a' : 'c', target: i % 2 === 1 ? 'c' : 'a' },
    };
  }
  return parseProcess({ process_graph: { ...nodes, ...tail } });
}
const labels = (id: string) => ({
  process_id: 'dimension_labels',
  arguments: { data: { from_node: id }, dimension: 'b' },
});

describe('an evaluation', () => {
  it('gives up cubes that no later node needs, and counts those that are held', () => {
    const last = { end: { ...labels('n20'), result: true } };
    expect(encodeValue(evaluateProcess(chain(20, last), {}, { maxLiveCells: 400 }))).toEqual([0]);
    const held = Array.from({ length: 20 }, (_, i) => ({ from_node: `n${i + 1}` }));
    const list = { process_id: 'array_create', arguments: { data: held }, result: true };
    expect(() => evaluateProcess(chain(20, { list }), {}, { maxLiveCells: 400 })).toThrowError(
      expect.objectContaining({
        reason: 'ProcessGraphComplexity',
        pointer: expect.stringMatching(/^\/process_graph\/n/),
      }),
    );
  });

  it('names the node at which its steps end, and tells each node before it runs', () => {
    const seen: number[] = [];
    const run = () =>
      evaluateProcess(
        chain(20, { end: { ...labels('n20'), result: true } }),
        {},
        {
          maxSteps: 5,
          onNode: (position) => seen.push(position),
        },
      );
    expect(run).toThrowError(/ends at the node "n6" \(rename_dimension\)/);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

import { describe, expect, it } from 'vitest';
import { evaluateProcess } from '../evaluate/evaluate.ts';
import { extendRegistry, parseUserProcesses } from '../registry/user-processes.ts';
import { expandProcess } from './expand.ts';
import { parseProcess } from './parse.ts';
import { validateProcess } from './validate.ts';

type Json = Readonly<Record<string, unknown>>;
const call = (process_id: string, args: Json, more: Json = {}) => ({ process_id, arguments: args, ...more });
const from = (name: string) => ({ from_parameter: name });
const done = { result: true };

const fahrenheit = {
  parameters: [
    { name: 'c', description: 'Celsius', schema: { type: 'number' } },
    { name: 'offset', description: 'at 0', schema: { type: 'number' }, optional: true, default: 32 },
  ],
  process_graph: {
    a: call('multiply', { x: from('c'), y: 1.8 }),
    b: call('add', { x: { from_node: 'a' }, y: from('offset') }, done),
  },
};
const mapped = {
  parameters: [{ name: 'list', description: '', schema: { type: 'array' } }],
  process_graph: {
    m: call(
      'array_apply',
      {
        data: from('list'),
        process: { process_graph: { f: call('fahrenheit', { c: from('x') }, done) } },
      },
      done,
    ),
  },
};
const documents = new Map<string, unknown>([
  ['fahrenheit', fahrenheit],
  ['mapped', mapped],
]);
const expanded = (graph: Json, among: ReadonlyMap<string, unknown> = documents) => {
  const document = parseProcess({ process_graph: graph });
  expect(validateProcess(document, extendRegistry(among))).toEqual([]);
  return expandProcess(document, parseUserProcesses(among));
};

describe('user-defined processes', () => {
  it('are replaced by their nodes, with defaults, also in callbacks and by one another', () => {
    const graph = {
      a: call('fahrenheit', { c: 100 }),
      b: call('fahrenheit', { c: { from_node: 'a' }, offset: 0 }),
      l: call('array_create', { data: [{ from_node: 'b' }, 0] }),
      m: call('mapped', { list: { from_node: 'l' } }, { ...done, namespace: 'user' }),
    };
    expect(evaluateProcess(expanded(graph))).toEqual([(100 * 1.8 + 32) * 1.8 * 1.8 + 32, 32]);
  });

  it('are checked as any process is', () => {
    const problems = (args: Json) =>
      validateProcess(
        parseProcess({ process_graph: { a: call('fahrenheit', args, done) } }),
        extendRegistry(documents),
      ).map(({ code }) => code);
    expect(problems({})).toEqual(['ProcessParameterRequired']);
    expect(problems({ c: 'warm' })).toEqual(['ProcessParameterInvalid']);
    expect(problems({ c: 1, d: 2 })).toEqual(['ProcessParameterUnsupported']);
  });

  it('cannot call themselves, over whatever detour, and cannot explode', () => {
    const one = (id: string) => ({ process_graph: { a: call(id, {}, done) } });
    const circle = new Map<string, unknown>([
      ['p', one('q')],
      ['q', one('p')],
    ]);
    expect(() => expanded(one('p').process_graph, circle)).toThrow('calls itself: p > q > p');
    const bomb = new Map<string, unknown>();
    for (let i = 0; i < 12; i++) {
      const next = i === 11 ? call('pi', {}) : call(`p${i + 1}`, {});
      const sum = call('add', { x: { from_node: 'a' }, y: { from_node: 'b' } }, done);
      bomb.set(`p${i}`, { process_graph: { a: next, b: next, c: sum } });
    }
    expect(() => expanded({ a: call('p0', {}, done) }, bomb)).toThrow('over 500 nodes');
  });

  it('never take the place of a predefined process', () => {
    const add = new Map<string, unknown>([['add', fahrenheit]]);
    expect(extendRegistry(add).get('add')?.isUsers).toBeUndefined();
  });
});

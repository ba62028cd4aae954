import { describe, expect, it } from 'vitest';
import { parseProcess } from '../graph/parse.ts';
import { imageryOf } from './imagery.ts';

type Arguments = Readonly<Record<string, unknown>>;

const box = { west: 4.8, south: 52.3, east: 4.9, north: 52.4 };
const open = { id: 's2', spatial_extent: null, temporal_extent: null };
const whole = { ...open, spatial_extent: box, temporal_extent: ['2024-05-01', '2024-06-01'], bands: ['red'] };
const load = (args: Arguments) => ({ process_id: 'load_collection', arguments: args });
const node = (process_id: string, data: string, args: Arguments = {}) => ({
  process_id,
  arguments: { data: { from_node: data }, ...args },
});
const bbox = (data: string) => node('filter_bbox', data, { extent: box });
const days = (data: string) => node('filter_temporal', data, { extent: ['2024-05-01', '2024-06-01'] });
const bands = (data: string) => node('filter_bands', data, { bands: ['red'] });
const trimmed = (data: string) => ({ ...node('trim_cube', data), result: true });

/** What is read, by the node that it is read for. */
const readOf = (nodes: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(imageryOf(parseProcess({ process_graph: nodes })).loads);

const read = {
  collections: ['s2'],
  aoi: [4.8, 52.3, 4.9, 52.4],
  datetime: '2024-05-01/2024-05-31',
  pipeline: { bands: ['red'] },
  mask: 'none',
  composite: 'none',
};

describe('the imagery of a graph', () => {
  it('is what its load_collection says', () => {
    expect(readOf({ l: load(whole), t: trimmed('l') })).toEqual({ l: read });
  });

  it('is what the filters right behind say, where load_collection leaves it open', () => {
    const nodes = { l: load(open), b: bands('l'), d: days('b'), w: bbox('d'), t: trimmed('w') };
    expect(readOf(nodes)).toEqual({ w: read });
  });

  it('is read for each branch by itself', () => {
    const nodes = {
      l: load({ ...open, bands: ['red'], temporal_extent: whole.temporal_extent }),
      a: bbox('l'),
      b: node('filter_bbox', 'l', { extent: { ...box, west: 4.85 } }),
      m: {
        process_id: 'merge_cubes',
        arguments: { cube1: { from_node: 'a' }, cube2: { from_node: 'b' } },
        result: true,
      },
    };
    expect(readOf(nodes)).toMatchObject({ a: read, b: { aoi: [4.85, 52.3, 4.9, 52.4] } });
  });

  it.each([
    ['limits the same once more', bbox('l'), 'l'],
    ['is none of those that reading knows', node('filter_labels', 'l', {}), 'l'],
  ])('is read before a filter that %s', (_, filter, at) => {
    expect(readOf({ l: load(whole), f: filter, t: trimmed('f') })).toEqual({ [at]: read });
  });

  it('comes with its grid, as clients ask for it', () => {
    const grid = (more: Arguments) =>
      node('resample_spatial', 'l', { resolution: 60, method: 'average', ...more });
    const made = readOf({ l: load(whole), g: grid({ align: 'upper-left' }), t: trimmed('g') });
    expect(made).toEqual({ g: { ...read, grid: { resolution: 60, resampling: 'average' } } });
    expect(readOf({ l: load(whole), g: grid({ align: 'lower-left' }), t: trimmed('g') })).toEqual({
      l: read,
    });
  });

  it('is refused by its node where nobody says where', () => {
    expect(() => readOf({ l: load({ ...open, bands: ['red'] }), t: trimmed('l') })).toThrow(
      expect.objectContaining({ message: expect.stringContaining('"l" does not say where') }),
    );
  });
});

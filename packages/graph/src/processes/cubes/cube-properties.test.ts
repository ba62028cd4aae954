import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCall } from '../../evaluate/evaluate.ts';
import { encodeValue } from '../../values/encode.ts';
import { cubeOf } from './cube.fixture.ts';

const call = (process_id: string, args: Record<string, unknown>): unknown =>
  encodeValue(evaluateCall({ process_id, arguments: args }));

describe('any small cube', () => {
  const cubes = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .chain(([a, b, c]) =>
      fc
        .array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(null)), {
          minLength: a * b * c,
          maxLength: a * b * c,
        })
        .map((cells) => ({
          labels: {
            b: [...Array(a).keys()].map((i) => `b${i}`),
            y: [...Array(b).keys()],
            x: [...Array(c).keys()],
          },
          data: Array.from({ length: a }, (_, i) =>
            Array.from({ length: b }, (__, j) => cells.slice((i * b + j) * c, (i * b + j + 1) * c)),
          ),
        })),
    );

  it('comes back from its notation as it was', async () => {
    await fc.assert(
      fc.property(cubes, ({ labels, data }) => {
        expect(call('constant', { x: cubeOf(labels, data) })).toMatchObject({ data });
      }),
    );
  });

  it('is split by filters and put together by merges', async () => {
    await fc.assert(
      fc.property(cubes, ({ labels, data }) => {
        const [first = '', ...rest] = labels.b;
        const whole = cubeOf(labels, data);
        if (rest.length === 0) return;
        const cube1 = call('filter_bands', { data: whole, bands: [first] });
        const cube2 = call('filter_bands', { data: whole, bands: rest });
        expect(call('merge_cubes', { cube1, cube2 })).toMatchObject({ data });
      }),
    );
  });

  it('is itself after a kernel of one, and after flattening in any order has the same values', async () => {
    await fc.assert(
      fc.property(cubes, ({ labels, data }) => {
        const cube = cubeOf(labels, data);
        expect(call('apply_kernel', { data: cube, kernel: [[1]], replace_invalid: 0 })).toMatchObject({
          data: data.map((rows) => rows.map((row) => row.map((cell) => cell ?? 0))),
        });
        const flat = call('flatten_dimensions', {
          data: cube,
          dimensions: ['x', 'b', 'y'],
          target_dimension: 'f',
        });
        expect(new Set((flat as { data: unknown[] }).data)).toEqual(new Set(data.flat(2)));
      }),
    );
  });
});

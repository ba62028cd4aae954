import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { predictedTile, seeded } from '../kernels/deflate.fixture.ts';
import { createKernelSpace } from '../kernels/space.ts';
import { compressTile } from './compress.ts';

const space = createKernelSpace();

function compress(bytes: Uint8Array): { readonly stream: Uint8Array; readonly kernel: number } {
  const mark = space.mark();
  const at = space.take(bytes.length);
  space.bytes(at, bytes.length).set(bytes);
  const after = space.mark();
  const stream = compressTile(space, at, bytes.length);
  expect(space.mark()).toBe(after);
  const capacity = space.kernels.deflateBound(bytes.length);
  const kernel = space.kernels.deflate(at, bytes.length, space.take(capacity), capacity);
  space.release(mark);
  expect(Buffer.compare(inflateSync(stream), bytes)).toBe(0);
  return { stream, kernel };
}

/** Differences of classes along rows, where each row is nearly the one above: what matches are for. */
function classes(): Uint8Array {
  const side = 256;
  const random = seeded(11);
  const edges = Array.from({ length: 6 }, () => random() * side);
  return Uint8Array.from({ length: side * side }, (_, index) => {
    const x = index % side;
    if (x === 0) for (const [i, edge] of edges.entries()) edges[i] = edge + (random() < 0.05 ? 1 : 0);
    const classOf = (column: number): number => edges.filter((edge) => edge < column).length;
    return x === 0 ? classOf(0) : classOf(x) - classOf(x - 1);
  });
}

describe('compressTile', () => {
  it.each(['uint16', 'int16', 'float32'] as const)(
    'takes the stream of the kernel for %s measurements',
    (kind) => {
      const { stream, kernel } = compress(predictedTile(kind, 2));
      expect(stream.length).toBe(kernel);
    },
  );

  it('takes the stream of zlib for classes, where it is much smaller', () => {
    const { stream, kernel } = compress(classes());
    expect(stream.length).toBeLessThan(0.7 * kernel);
  });

  it.each([1024, 2048])(
    'takes the stream of zlib where rows of %i bytes repeat the one above',
    (rowBytes) => {
      const random = seeded(rowBytes);
      const bytes = new Uint8Array(256 * rowBytes);
      for (let row = 0; row < bytes.length; row += 2 * rowBytes) {
        for (let i = 0; i < rowBytes; i++) bytes[row + i] = 60 * (random() + random());
        bytes.copyWithin(row + rowBytes, row, row + rowBytes);
      }
      const { stream, kernel } = compress(bytes);
      expect(stream.length).toBeLessThan(0.55 * kernel);
    },
  );

  it('compresses a tile of one value to almost nothing, and no bytes to a stream', () => {
    expect(compress(new Uint8Array(524_288)).stream.length).toBeLessThan(700);
    expect(compress(new Uint8Array(0)).stream.length).toBeLessThan(16);
  });

  it('gives the same bytes for the same tile', () => {
    const tile = predictedTile('int16', 9);
    expect(Buffer.compare(compress(tile).stream, compress(tile).stream)).toBe(0);
  });
});

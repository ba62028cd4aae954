import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGuardedSpace } from '../../../../test/support/guarded-space.ts';
import { createKernelSpace } from '../kernels/space.ts';
import { inflateAt, inflateWithKernel, LEAST_SHARE } from './inflate-at.ts';
import { type Field, madeStreams, residuals, zlibOf } from './streams.fixture.ts';

const guarded = createGuardedSpace();

/** What the kernel makes of a stream of any kind; undefined when it does not accept it. Fails when it writes elsewhere. */
function byKernel(stream: Uint8Array, length: number): Uint8Array | undefined {
  const at = guarded.take(length);
  const isDecoded = inflateWithKernel(stream, guarded, at, length, 0);
  const bytes = isDecoded ? guarded.copy(at, length) : undefined;
  expect(guarded.finish()).toEqual([]);
  return bytes;
}

/** What zlib makes of it; undefined when it is broken, short or long. */
function byZlib(stream: Uint8Array, length: number): Uint8Array | undefined {
  try {
    const bytes = inflateSync(stream);
    return bytes.length === length ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function expectSame(stream: Uint8Array, length: number): void {
  const [mine, theirs] = [byKernel(stream, length), byZlib(stream, length)];
  expect(mine === undefined).toBe(theirs === undefined);
  if (mine !== undefined && theirs !== undefined) expect(Buffer.compare(mine, theirs)).toBe(0);
}

describe('inflating with the kernel', () => {
  it('decodes what any level, strategy, window and flush of zlib makes', () => {
    fc.assert(
      fc.property(madeStreams, ({ bytes, stream }) => {
        const decoded = byKernel(stream, bytes.length);
        expect(decoded).toBeDefined();
        expect(Buffer.compare(decoded as Uint8Array, bytes)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('judges changed, cut and lengthened streams as zlib does, wherever they are', () => {
    const edit = fc.record({ at: fc.nat(), to: fc.nat(255), flips: fc.boolean() });
    fc.assert(
      fc.property(
        madeStreams,
        fc.array(edit, { maxLength: 3 }),
        fc.constantFrom(0, 0, 0, 1, 3, 4, 5, 20, 300),
        fc.uint8Array({ maxLength: 5 }),
        fc.constantFrom(0, 0, 0, -1, 1, 40),
        ({ bytes, stream: made }, edits, cut, behind, more) => {
          const stream = new Uint8Array(made);
          // Near the start, where the codes are, as often as anywhere.
          for (const { at, to, flips } of edits) {
            const place = at % Math.min(stream.length, (at & 1) === 0 ? 80 : stream.length);
            stream[place] = flips ? (stream[place] as number) ^ (1 << (to & 7)) : to;
          }
          const cutStream = stream.subarray(0, Math.max(0, stream.length - cut));
          expectSame(Buffer.concat([cutStream, behind]), Math.max(0, bytes.length + more));
        },
      ),
      { numRuns: 1200 },
    );
  });

  it('refuses a stream cut anywhere', () => {
    const bytes = residuals(3000, 200, 5);
    const stream = deflateSync(bytes);
    for (let length = 0; length < stream.length; length++) {
      expect(byKernel(stream.subarray(0, length), bytes.length)).toBeUndefined();
    }
    expect(byKernel(stream, bytes.length)).toEqual(bytes);
  });

  it('checks the checksum of the largest bytes, at every length around its stretches', () => {
    const around = (length: number) => Array.from({ length: 4 }, (_, i) => length - 2 + i);
    const lengths = [
      ...Array.from({ length: 200 }, (_, i) => i),
      ...[5504, 5568, 11_008, 70_000].flatMap(around),
    ];
    for (const length of lengths) {
      const bytes = new Uint8Array(length).fill(255);
      expect(byKernel(deflateSync(bytes, { level: 0 }), length)).toEqual(bytes);
    }
  });

  it('copies matches of every length from every small distance, and from 32 KiB away', () => {
    const next = residuals(40_000, 9000, 3);
    for (const distance of [...Array.from({ length: 34 }, (_, i) => i + 1), 32_767, 32_768]) {
      const pieces: Uint8Array[] = [next.subarray(0, distance)];
      for (let length = 3; length <= 258; length += length < 40 ? 1 : 7) {
        const before = Buffer.concat(pieces);
        const match = Uint8Array.from(
          { length },
          (_, i) => before[before.length - distance + (i % distance)] ?? 0,
        );
        pieces.push(match, next.subarray(length, length + 1 + (length % 3)));
      }
      const bytes = Buffer.concat(pieces);
      for (const level of [1, 9]) expectSame(deflateSync(bytes, { level }), bytes.length);
    }
  });
});

/** A last block with codes of its own: `lengths` of literals (257 of them), then of distances (at least one). */
function dynamicBlock(lengths: readonly number[], distances: number, body: readonly Field[]): Field[] {
  // The lengths 0 to 15 have codes of 4 bits each: 16 in the order that a block lists them in, none for repeats.
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  return [
    [1, 1],
    [2, 2],
    [lengths.length - distances - 257, 5],
    [distances - 1, 5],
    [15, 4],
    ...order.map((symbol): Field => [symbol < 16 ? 4 : 0, 3]),
    ...lengths.map((length): Field => [length, 4, 'code']),
    ...body,
  ];
}

/** Literal lengths with these and no other. */
const literals = (given: Readonly<Record<number, number>>, count = 258): number[] =>
  Array.from({ length: count }, (_, symbol) => given[symbol] ?? 0);

describe('streams that no encoder makes', () => {
  const two = Uint8Array.of(65, 65);
  const cases: readonly (readonly [string, readonly Field[], Uint8Array, 'right' | 'broken'])[] = [
    [
      'no code for distances',
      dynamicBlock([...literals({ 65: 1, 256: 1 }), 0], 1, [
        [0, 2, 'code'],
        [1, 1],
      ]),
      two,
      'right',
    ],
    [
      'one code of one bit, the end',
      dynamicBlock([...literals({ 256: 1 }), 0], 1, [[0, 1]]),
      Uint8Array.of(),
      'right',
    ],
    [
      'one code of one bit, the other bit',
      dynamicBlock([...literals({ 256: 1 }), 0], 1, [[1, 1]]),
      Uint8Array.of(),
      'broken',
    ],
    [
      'one code of two bits',
      dynamicBlock([...literals({ 256: 2 }), 0], 1, [[0, 2]]),
      Uint8Array.of(),
      'broken',
    ],
    [
      'an incomplete code',
      dynamicBlock([...literals({ 65: 2, 256: 1 }), 0], 1, [[0, 1]]),
      Uint8Array.of(),
      'broken',
    ],
    [
      'too many codes',
      dynamicBlock([...literals({ 65: 1, 66: 1, 256: 1 }), 0], 1, [[0, 1]]),
      Uint8Array.of(),
      'broken',
    ],
    ['no end of the block', dynamicBlock([...literals({ 65: 1, 66: 1 }), 0], 1, [[0, 2]]), two, 'broken'],
    [
      'one distance, which is used',
      dynamicBlock([...literals({ 65: 1, 256: 2, 257: 2 }), 1], 1, [
        [0, 1],
        [3, 2, 'code'],
        [0, 1],
        [2, 2, 'code'],
      ]),
      Uint8Array.of(65, 65, 65, 65),
      'right',
    ],
    [
      'a distance without a code',
      dynamicBlock([...literals({ 65: 1, 256: 2, 257: 2 }), 1], 1, [
        [0, 1],
        [3, 2, 'code'],
        [1, 1],
        [2, 2, 'code'],
      ]),
      Uint8Array.of(65, 65, 65, 65),
      'broken',
    ],
    [
      'a distance before the start',
      dynamicBlock([...literals({ 65: 1, 256: 2, 257: 2 }), 0, 1], 2, [
        [0, 1],
        [3, 2, 'code'],
        [0, 1],
        [2, 2, 'code'],
      ]),
      Uint8Array.of(65, 65, 65, 65),
      'broken',
    ],
    [
      'incomplete distances',
      dynamicBlock([...literals({ 65: 1, 256: 2, 257: 2 }), 2], 1, [
        [0, 1],
        [2, 2, 'code'],
      ]),
      Uint8Array.of(65),
      'broken',
    ],
    [
      '287 literals and lengths',
      dynamicBlock([...literals({ 65: 1, 256: 1 }, 287), 0], 1, [
        [0, 1],
        [1, 1],
      ]),
      Uint8Array.of(65),
      'broken',
    ],
    [
      '31 distances',
      dynamicBlock([...literals({ 65: 1, 256: 1 }), ...Array.from({ length: 31 }, () => 0)], 31, [
        [0, 1],
        [1, 1],
      ]),
      Uint8Array.of(65),
      'broken',
    ],
    [
      'fixed codes, a length that does not exist',
      [
        [1, 1],
        [1, 2],
        [0x30 + 65, 8, 'code'],
        [0xc6, 8, 'code'],
        [0, 5],
        [0, 7],
      ],
      Uint8Array.of(65, 65, 65, 65),
      'broken',
    ],
    [
      'fixed codes, a distance that does not exist',
      [
        [1, 1],
        [1, 2],
        [0x30 + 65, 8, 'code'],
        [1, 7, 'code'],
        [30, 5, 'code'],
        [0, 7],
      ],
      Uint8Array.of(65, 65, 65, 65),
      'broken',
    ],
    [
      'fixed codes, right',
      [
        [1, 1],
        [1, 2],
        [0x30 + 65, 8, 'code'],
        [1, 7, 'code'],
        [0, 5, 'code'],
        [0, 7],
      ],
      Uint8Array.of(65, 65, 65, 65),
      'right',
    ],
    [
      'a block of the third kind',
      [
        [1, 1],
        [3, 2],
      ],
      Uint8Array.of(),
      'broken',
    ],
    [
      'stored, wrong complement',
      [
        [1, 1],
        [0, 2],
        [0, 5],
        [2, 16],
        [0xffff, 16],
        [65, 8],
        [65, 8],
      ],
      two,
      'broken',
    ],
    [
      'stored, right',
      [
        [1, 1],
        [0, 2],
        [0, 5],
        [2, 16],
        [0xfffd, 16],
        [65, 8],
        [65, 8],
      ],
      two,
      'right',
    ],
    [
      'stored, more than is there',
      [
        [1, 1],
        [0, 2],
        [0, 5],
        [200, 16],
        [0xff37, 16],
        [65, 8],
        [65, 8],
      ],
      two,
      'broken',
    ],
  ];
  it.each(cases)('%s', (_, fields, bytes, verdict) => {
    const stream = zlibOf(fields, bytes);
    expect(byKernel(stream, bytes.length) === undefined ? 'broken' : 'right').toBe(verdict);
    expectSame(stream, bytes.length);
  });

  it('refuses other headers and a wrong checksum', () => {
    const bytes = residuals(400, 30, 1);
    const stream = deflateSync(bytes);
    for (const [at, to] of [
      [0, 0x77],
      [0, 0x88],
      [1, 0x9d],
      [1, 0xbb],
      [stream.length - 1, (stream.at(-1) ?? 0) ^ 1],
    ] as const) {
      const changed = new Uint8Array(stream);
      changed[at] = to;
      expect(byKernel(changed, bytes.length)).toBeUndefined();
      expectSame(changed, bytes.length);
    }
  });
});

describe('inflating at an address', () => {
  const space = createKernelSpace();

  it('has imagery decoded by the kernel, literals by zlib, both to the same bytes', () => {
    const imagery = residuals(262_144, 20, 7);
    const noise = residuals(262_144, 60_000, 7);
    for (const [bytes, byTheKernel] of [
      [imagery, true],
      [noise, false],
    ] as const) {
      const at = space.take(bytes.length);
      const stream = deflateSync(bytes);
      expect(inflateWithKernel(stream, space, at, bytes.length, LEAST_SHARE)).toBe(byTheKernel);
      space.bytes(at, bytes.length).fill(0);
      inflateAt(stream, space, at, bytes.length);
      expect(Buffer.compare(space.bytes(at, bytes.length), bytes)).toBe(0);
    }
  });

  it('says what is broken as zlib does', () => {
    const bytes = residuals(262_144, 20, 9);
    const stream = deflateSync(bytes);
    const at = space.take(bytes.length + 2);
    const run = (given: Uint8Array, length: number) => () => inflateAt(given, space, at, length);
    expect(run(stream, bytes.length + 1)).toThrow('the block decodes to 262144 bytes, it must be 262145');
    expect(run(stream, bytes.length - 1)).toThrow('the deflate stream decodes to more than 262143 bytes');
    expect(run(stream.subarray(0, -2), bytes.length)).toThrow('the deflate stream is broken (Z_BUF_ERROR)');
    const changed = new Uint8Array(stream);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(run(changed, bytes.length)).toThrow('the deflate stream is broken (Z_DATA_ERROR)');
  });

  it('leaves the space as it was, and to zlib what there is no room for', () => {
    const bytes = residuals(262_144, 20, 11);
    const stream = deflateSync(bytes);
    const full = createKernelSpace();
    const at = full.take(bytes.length);
    const mark = full.mark();
    inflateAt(stream, full, at, bytes.length);
    expect(full.mark()).toBe(mark);
    const crowded = { ...full, fits: () => false, take: () => expect.unreachable() };
    full.bytes(at, bytes.length).fill(0);
    inflateAt(stream, crowded, at, bytes.length);
    expect(Buffer.compare(full.bytes(at, bytes.length), bytes)).toBe(0);
  });
});

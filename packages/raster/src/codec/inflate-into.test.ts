import { createInflate, deflateSync } from 'node:zlib';
import { isSwathError } from '@swath/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDeflate } from './inflate.ts';
import { inflateInto, machineOf } from './inflate-into.ts';

const samples = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) >> (i % 7));

/** The error's message, or the bytes. */
function outcome(run: () => Uint8Array): Uint8Array | string {
  try {
    return run();
  } catch (error) {
    if (isSwathError(error, 'Corrupt')) return 'Corrupt';
    throw error;
  }
}

const into = (stream: Uint8Array, length: number) =>
  outcome(() => {
    const bytes = new Uint8Array(length);
    inflateInto(stream, bytes);
    return bytes;
  });

describe('inflating into memory that is there', () => {
  it('finds in this Node what it needs, and takes nothing else for it', () => {
    expect(machineOf(createInflate())).toBeDefined();
    expect(machineOf({})).toBeUndefined();
    expect(machineOf({ _handle: { reset() {} }, _writeState: new Uint32Array(2) })).toBeUndefined();
  });

  it('decodes into kernel memory', () => {
    const memory = new WebAssembly.Memory({ initial: 4 });
    const target = new Uint8Array(memory.buffer, 4096, samples.length);
    inflateInto(deflateSync(samples), target);
    expect(Buffer.compare(target, samples)).toBe(0);
    expect(new Uint8Array(memory.buffer, 4096 + samples.length, 16)).toEqual(new Uint8Array(16));
  });

  it('wants exactly so many bytes', () => {
    const stream = deflateSync(samples);
    expect(into(stream, samples.length - 1)).toBe('Corrupt');
    expect(into(stream, samples.length + 1)).toBe('Corrupt');
    expect(into(stream, samples.length)).toEqual(samples);
  });

  it('says how a block that is short, long or cut off differs', () => {
    const stream = deflateSync(samples);
    const run = (bytes: Uint8Array, length: number) => () => inflateInto(bytes, new Uint8Array(length));
    expect(run(stream, 70_001)).toThrow('the block decodes to 70000 bytes, it must be 70001');
    expect(run(stream, 69_999)).toThrow('the deflate stream decodes to more than 69999 bytes');
    expect(run(stream.subarray(0, -2), 70_000)).toThrow('the deflate stream is broken (Z_BUF_ERROR)');
  });

  it('judges any stream as inflateSync does, one after the other', () => {
    const edit = fc.record({ at: fc.nat(), to: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 600 }),
        fc.constantFrom(0, 1, 6),
        fc.array(edit, { maxLength: 2 }),
        fc.nat(12),
        fc.uint8Array({ maxLength: 3 }),
        (bytes, level, edits, cut, behind) => {
          const made = deflateSync(bytes, { level });
          for (const { at, to } of edits) made[at % made.length] = to;
          const stream = Buffer.concat([made.subarray(0, Math.max(0, made.length - cut)), behind]);
          const whole = outcome(() => decodeDeflate(stream, bytes.length));
          const expected = typeof whole === 'string' || whole.length < bytes.length ? 'Corrupt' : whole;
          const found = into(stream, bytes.length);
          if (typeof expected === 'string') expect(found).toBe(expected);
          else expect(Buffer.compare(found as Uint8Array, expected)).toBe(0);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

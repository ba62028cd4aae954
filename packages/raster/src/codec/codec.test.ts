import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeJpeg } from './jpeg-stream.ts';
import { decodeLzw } from './lzw.ts';
import { decodePackbits } from './packbits.ts';
import { toHostOrder, undoFloatingPoint, undoHorizontal } from './predictor.ts';
import { halfToFloat, mirrorBits, unpackBits, widen24 } from './unpack.ts';

/** The textbook encoder (TIFF 6.0 section 13), slow and plain: the oracle of the decoder. */
function encodeLzw(input: Uint8Array): Uint8Array {
  const bits: number[] = [];
  let width = 9;
  const put = (code: number): void => {
    for (let bit = width - 1; bit >= 0; bit--) bits.push((code >> bit) & 1);
  };
  let table = new Map<string, number>();
  const clear = (): void => {
    put(256);
    width = 9;
    table = new Map(Array.from({ length: 256 }, (_, at) => [String.fromCharCode(at), at]));
  };
  clear();
  let next = 258;
  let prefix = '';
  for (const byte of input) {
    const longer = prefix + String.fromCharCode(byte);
    if (table.has(longer)) {
      prefix = longer;
      continue;
    }
    put(table.get(prefix) ?? 0);
    table.set(longer, next++);
    if (next === 511 || next === 1023 || next === 2047) width++;
    if (next === 4094) {
      clear();
      next = 258;
    }
    prefix = String.fromCharCode(byte);
  }
  if (prefix !== '') put(table.get(prefix) ?? 0);
  // The decoder's table gains an entry with this last code as well.
  if (next + 1 === 511 || next + 1 === 1023 || next + 1 === 2047) width++;
  put(257);
  const out = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [at, bit] of bits.entries()) out[at >> 3] = (out[at >> 3] ?? 0) | (bit << (7 - (at & 7)));
  return out;
}

const repetitive = fc
  .array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 300 })), { maxLength: 60 })
  .map((runs) => Uint8Array.from(runs.flatMap(([value, count]) => Array<number>(count).fill(value))));

describe('decodeLzw', () => {
  it('undoes the textbook encoder, through every code width and table reset', async () => {
    await fc.assert(
      fc.property(fc.oneof(repetitive, fc.uint8Array({ minLength: 1, maxLength: 20_000 })), (bytes) => {
        expect(Buffer.from(decodeLzw(encodeLzw(bytes), bytes.length)).equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('never writes past the capacity and always ends on garbage', async () => {
    await fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(200), (bytes, capacity) => {
        try {
          expect(decodeLzw(bytes, capacity).length).toBeLessThanOrEqual(capacity);
        } catch (error) {
          expect(String(error)).toMatch(/LZW/);
        }
      }),
    );
  });
});

describe('decodePackbits', () => {
  it('decodes the example of Apple Technote 1023', () => {
    const packed = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa];
    expect(Buffer.from(decodePackbits(Uint8Array.from(packed), 24)).toString('hex')).toBe(
      'aaaaaa80002aaaaaaaaa80002a22aaaaaaaaaaaaaaaaaaaa'.slice(0, 48),
    );
  });

  it('never writes past the capacity', async () => {
    await fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(50), (bytes, capacity) => {
        expect(decodePackbits(bytes, capacity).length).toBeLessThanOrEqual(capacity);
      }),
    );
  });
});

describe('predictors', () => {
  const shape = fc.record({
    rows: fc.integer({ min: 1, max: 3 }),
    pixels: fc.integer({ min: 1, max: 9 }),
    stride: fc.integer({ min: 1, max: 4 }),
  });

  it('2 undoes differencing modulo the word, per band', async () => {
    await fc.assert(
      fc.property(
        shape,
        fc.constantFrom(1, 2, 4, 8),
        fc.infiniteStream(fc.bigInt(0n, 2n ** 64n - 1n)),
        ({ rows, pixels, stride }, size, stream) => {
          const rowSamples = pixels * stride;
          const mask = (1n << BigInt(size * 8)) - 1n;
          const values = [...stream.take(rows * rowSamples)].map((value) => value & mask);
          const differences = values.map((value, at) =>
            at % rowSamples < stride ? value : (value - (values[at - stride] ?? 0n)) & mask,
          );
          const words =
            size === 8
              ? BigUint64Array.from(differences)
              : size === 4
                ? Uint32Array.from(differences, Number)
                : size === 2
                  ? Uint16Array.from(differences, Number)
                  : Uint8Array.from(differences, Number);
          undoHorizontal(words, { rows, rowSamples, stride });
          expect([...words].map(BigInt)).toEqual(values);
        },
      ),
    );
  });

  it('3 undoes byte planes and differencing', async () => {
    await fc.assert(
      fc.property(
        shape,
        fc.constantFrom(2, 4, 8),
        fc.infiniteStream(fc.nat(255)),
        ({ rows, pixels, stride }, size, stream) => {
          const rowSamples = pixels * stride;
          const rowBytes = rowSamples * size;
          const truth = Uint8Array.from(stream.take(rows * rowBytes));
          const packed = new Uint8Array(truth.length);
          for (let row = 0; row < rows; row++) {
            const plane = new Uint8Array(rowBytes);
            for (let sample = 0; sample < rowSamples; sample++) {
              for (let byte = 0; byte < size; byte++) {
                plane[byte * rowSamples + sample] =
                  truth[row * rowBytes + sample * size + (size - 1 - byte)] ?? 0;
              }
            }
            for (let at = rowBytes - 1; at >= stride; at--)
              plane[at] = (plane[at] ?? 0) - (plane[at - stride] ?? 0);
            packed.set(plane, row * rowBytes);
          }
          undoFloatingPoint(packed, size, { rows, rowSamples, stride });
          expect(packed).toEqual(truth);
        },
      ),
    );
  });

  it('byte order is turned for big-endian files only', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const swapped = new Uint8Array(bytes);
    toHostOrder(swapped, 4, 'big');
    expect([...swapped]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
    toHostOrder(swapped, 4, 'little');
    expect([...swapped]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
  });
});

describe('unpacking', () => {
  it('widens 24 bits, most significant byte first', () => {
    expect([...widen24(Uint8Array.of(1, 2, 3, 255, 254, 253))]).toEqual([0x010203, 0xfffefd]);
  });

  it('reads samples of any width up to 15 bits, most significant bit first, rows on bytes', async () => {
    await fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.nat(32_767)),
        (bits, rows, rowSamples, stream) => {
          const values = [...stream.take(rows * rowSamples)].map((value) => value & ((1 << bits) - 1));
          const rowBytes = Math.ceil((rowSamples * bits) / 8);
          const packed = new Uint8Array(rows * rowBytes);
          for (const [at, value] of values.entries()) {
            const row = Math.floor(at / rowSamples);
            for (let bit = 0; bit < bits; bit++) {
              const place = row * rowBytes * 8 + (at % rowSamples) * bits + bit;
              packed[place >> 3] =
                (packed[place >> 3] ?? 0) | (((value >> (bits - 1 - bit)) & 1) << (7 - (place & 7)));
            }
          }
          expect([...unpackBits(packed, bits, { rows, rowSamples, rowBytes })]).toEqual(values);
        },
      ),
    );
  });

  it('mirrors bits', () => {
    expect([...mirrorBits(Uint8Array.of(0b10110000, 1, 255))]).toEqual([0b00001101, 128, 255]);
  });

  it('widens every half float as the language does', () => {
    const halves = Uint16Array.from({ length: 65_536 }, (_, at) => at);
    const floats = halfToFloat(halves);
    const view = new DataView(halves.buffer);
    for (let at = 0; at < 65_536; at++) {
      const sign = at & 0x8000 ? -1 : 1;
      const exponent = (at >> 10) & 31;
      const mantissa = at & 1023;
      const truth =
        exponent === 31
          ? mantissa === 0
            ? sign * Infinity
            : Number.NaN
          : exponent === 0
            ? sign * mantissa * 2 ** -24
            : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
      expect(Object.is(floats[at], truth), `0x${view.getUint16(at * 2, true).toString(16)}`).toBe(true);
    }
  });
});

describe('completeJpeg', () => {
  it('refuses what does not begin as JPEG, and a segment past the end', () => {
    expect(() => completeJpeg(undefined, Uint8Array.of(1, 2, 3), 'ycbcr')).toThrow(/SOI/);
    expect(() => completeJpeg(undefined, Uint8Array.of(0xff, 0xd8, 0xff, 0xdb, 9, 9), 'ycbcr')).toThrow(
      /ends at/,
    );
    expect(() => completeJpeg(Uint8Array.of(0, 0), Uint8Array.of(0xff, 0xd8), 'ycbcr')).toThrow(/tables/);
  });
});

import { describe, expect, it } from 'vitest';
import { encodeHeader, headerBytes, type Tag } from './tags.ts';

const tags: Tag[] = [
  { id: 324, type: 'offset', values: Float64Array.of(5_000_000_000, 16) },
  { id: 256, type: 'long', values: [7] },
  { id: 42113, type: 'ascii', text: 'nan' },
];

describe('the header of a TIFF', () => {
  it('is BigTIFF with 8-byte offsets beyond 4 GB', () => {
    const bytes = encodeHeader([tags], 'big');
    const view = new DataView(bytes.buffer);
    expect([view.getUint16(0, true), view.getUint16(2, true), view.getUint16(4, true)]).toEqual([
      0x4949, 43, 8,
    ]);
    expect(view.getBigUint64(8, true)).toBe(16n);
    expect(view.getBigUint64(16, true)).toBe(3n);
    // Sorted: 256, 324, 42113.
    expect([24, 44, 64].map((at) => view.getUint16(at, true))).toEqual([256, 324, 42113]);
    expect([view.getUint16(46, true), view.getBigUint64(48, true)]).toEqual([16, 2n]);
    const offsetsAt = Number(view.getBigUint64(56, true));
    expect(view.getBigUint64(offsetsAt, true)).toBe(5_000_000_000n);
    // Text of four bytes fits into its entry; no directory follows.
    expect(new TextDecoder().decode(bytes.subarray(76, 80))).toBe('nan\0');
    expect(view.getBigUint64(84, true)).toBe(0n);
  });

  it.each(['classic', 'big'] as const)(
    'is as long as it was said to be, and chains directories: %s',
    (flavour) => {
      const small: Tag[] = [
        { id: 256, type: 'long', values: [1] },
        { id: 33550, type: 'double', values: [1, 2, 3] },
      ];
      const bytes = encodeHeader([small, small], flavour);
      expect(bytes.length).toBe(headerBytes([small, small], flavour));
      const view = new DataView(bytes.buffer);
      const next =
        flavour === 'big' ? Number(view.getBigUint64(16 + 8 + 40, true)) : view.getUint32(8 + 2 + 24, true);
      expect(view.getUint16(next, true)).toBe(2);
      expect(next % 8).toBe(0);
    },
  );
});

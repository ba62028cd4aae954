/** Plain encoders for test files: right, never clever. */

/** TIFF's LZW: a clear code every 200 bytes keeps all codes at 9 bits. */
export function lzw(bytes: Uint8Array): Uint8Array {
  const codes: number[] = [];
  for (const [at, byte] of bytes.entries()) {
    if (at % 200 === 0) codes.push(256);
    codes.push(byte);
  }
  return nineBits([...codes, 257]);
}

/** Codes of 9 bits, most significant bit first. */
export function nineBits(codes: readonly number[]): Uint8Array {
  const out = new Uint8Array(Math.ceil((codes.length * 9) / 8));
  for (const [index, code] of codes.entries()) {
    for (let bit = 0; bit < 9; bit++) {
      const at = index * 9 + bit;
      if ((code >> (8 - bit)) & 1) out[at >> 3] = (out[at >> 3] ?? 0) | (128 >> (at & 7));
    }
  }
  return out;
}

/** PackBits by literal runs. */
export function packbits(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 128) {
    const run = bytes.subarray(at, at + 128);
    parts.push(Uint8Array.of(run.length - 1), run);
  }
  return Buffer.concat(parts);
}

/** A Lerc2 version 2 blob of bytes stored raw ("one sweep"). */
export function lercBytes(width: number, height: number, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(10 + 24 + 24 + 4 + 1 + bytes.length);
  const view = new DataView(out.buffer);
  out.set(Buffer.from('Lerc2 ', 'latin1'));
  const integers = [2, height, width, width * height, 8, out.length, 1];
  for (const [index, value] of integers.entries()) view.setInt32(6 + 4 * index, value, true);
  const doubles = [0.5, Math.min(...bytes), Math.max(...bytes)];
  for (const [index, value] of doubles.entries()) view.setFloat64(34 + 8 * index, value, true);
  out[62] = 1;
  out.set(bytes, 63);
  return out;
}

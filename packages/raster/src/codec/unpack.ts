/**
 * Samples of 1 to 15 bits that are not 8, most significant bit first, rows starting on a byte, into 1 or 2 bytes each
 * in the host's order.
 */
export function unpackBits(
  packed: Uint8Array,
  bits: number,
  shape: { readonly rows: number; readonly rowSamples: number; readonly rowBytes: number },
): Uint8Array | Uint16Array {
  const { rows, rowSamples, rowBytes } = shape;
  const count = rows * rowSamples;
  const out = bits <= 8 ? new Uint8Array(count) : new Uint16Array(count);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    let at = row * rowBytes;
    let held = 0;
    let buffer = 0;
    for (let sample = 0; sample < rowSamples; sample++) {
      let value = 0;
      for (let need = bits; need > 0; ) {
        if (held === 0) {
          buffer = packed[at++] as number;
          held = 8;
        }
        const take = need < held ? need : held;
        held -= take;
        value = (value << take) | ((buffer >> held) & ((1 << take) - 1));
        need -= take;
      }
      out[to++] = value;
    }
  }
  return out;
}

/**
 * Samples of 24 bits, most significant byte first as all packed samples are (so they stand in little-endian files, too:
 * GDAL and the writers of our samples agree on that), into 4 bytes each.
 */
export function widen24(packed: Uint8Array): Uint32Array {
  const out = new Uint32Array(Math.floor(packed.length / 3));
  for (let to = 0, at = 0; to < out.length; to++, at += 3) {
    out[to] = ((packed[at] as number) << 16) | ((packed[at + 1] as number) << 8) | (packed[at + 2] as number);
  }
  return out;
}

const mirror = Uint8Array.from({ length: 256 }, (_, byte) => {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) out |= 128 >> bit;
  return out;
});

/** A copy with the bits of every byte mirrored (FillOrder 2). */
export function mirrorBits(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at++) out[at] = mirror[bytes[at] as number] as number;
  return out;
}

/** IEEE 754 binary16 to binary32, exactly (subnormals, infinities and NaN payloads included). */
export function halfToFloat(halves: Uint16Array): Float32Array {
  const out = new Uint32Array(halves.length);
  for (let at = 0; at < halves.length; at++) {
    const half = halves[at] as number;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    let mantissa = half & 1023;
    if (exponent === 31) {
      out[at] = sign | 0x7f800000 | (mantissa << 13);
    } else if (exponent !== 0) {
      out[at] = sign | ((exponent + 112) << 23) | (mantissa << 13);
    } else if (mantissa === 0) {
      out[at] = sign;
    } else {
      let shift = 0;
      while ((mantissa & 1024) === 0) {
        mantissa <<= 1;
        shift++;
      }
      out[at] = sign | ((113 - shift) << 23) | ((mantissa & 1023) << 13);
    }
  }
  return new Float32Array(out.buffer);
}

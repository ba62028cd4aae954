/** Undoing predictors 2 (TIFF 6.0 section 14) and 3 (TIFF technote 3). All in place, one call per block. */

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export interface Rows {
  readonly rows: number;
  /** Samples in one row of the block, all bands together. */
  readonly rowSamples: number;
  /** Distance in samples to the same band's previous pixel. */
  readonly stride: number;
}

type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

function accumulate(data: Uint8Array | Uint16Array | Uint32Array, { rows, rowSamples, stride }: Rows): void {
  for (let row = 0; row < rows; row++) {
    const start = row * rowSamples;
    const end = start + rowSamples;
    for (let at = start + stride; at < end; at++) {
      data[at] = (data[at] as number) + (data[at - stride] as number);
    }
  }
}

function accumulate64(data: BigUint64Array, { rows, rowSamples, stride }: Rows): void {
  for (let row = 0; row < rows; row++) {
    const start = row * rowSamples;
    const end = start + rowSamples;
    for (let at = start + stride; at < end; at++) {
      data[at] = (data[at] as bigint) + (data[at - stride] as bigint);
    }
  }
}

/** Predictor 2 on samples in the host's byte order: each is the wrapped sum of itself and its left neighbour. */
export function undoHorizontal(data: Words, shape: Rows): void {
  if (data instanceof BigUint64Array) accumulate64(data, shape);
  else accumulate(data, shape);
}

/**
 * Predictor 3: bytes are differenced over the row with the given stride, and the row holds all most significant
 * bytes first, whatever the file's byte order. The result is in the host's order.
 */
export function undoFloatingPoint(bytes: Uint8Array, sampleBytes: number, shape: Rows): void {
  const { rows, rowSamples, stride } = shape;
  const rowBytes = rowSamples * sampleBytes;
  const plane = new Uint8Array(rowBytes);
  for (let row = 0; row < rows; row++) {
    const start = row * rowBytes;
    for (let at = start + stride; at < start + rowBytes; at++) {
      bytes[at] = (bytes[at] as number) + (bytes[at - stride] as number);
    }
    plane.set(bytes.subarray(start, start + rowBytes));
    for (let byte = 0; byte < sampleBytes; byte++) {
      const target = hostIsLittleEndian ? sampleBytes - 1 - byte : byte;
      const from = byte * rowSamples;
      for (let sample = 0; sample < rowSamples; sample++) {
        bytes[start + sample * sampleBytes + target] = plane[from + sample] as number;
      }
    }
  }
}

/** Reverses the bytes of every sample when the file's order is not the host's. */
export function toHostOrder(bytes: Uint8Array, sampleBytes: number, order: 'little' | 'big'): void {
  if (sampleBytes === 1 || (order === 'little') === hostIsLittleEndian) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (sampleBytes === 2) buffer.swap16();
  else if (sampleBytes === 4) buffer.swap32();
  else buffer.swap64();
}

/** GeoKeys of EPSG:32631 with pixels that are areas: directory version, then key, location, count, value. */
const UTM_31 = [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32_631];

const ENTRY_BYTES = 12;

export interface Place {
  /** Side of a pixel, metres. */
  readonly pixelM: number;
  /** Upper left corner, metres of UTM 31 north. */
  readonly x: number;
  readonly y: number;
}

/**
 * A classic little-endian TIFF with a place on earth: a copy of its first IFD, with three more tags, stands at the end.
 * Every lie in the file stays as it was; what is no such TIFF is returned as it is.
 */
export function georeferenced(bytes: Uint8Array, { pixelM, x, y }: Place): Uint8Array {
  const file = Buffer.from(bytes);
  if (file.length < 8 || file.readUInt32LE(0) !== 0x002a4949) return bytes;
  const ifd = file.readUInt32LE(4);
  const end = ifd + 2 + ENTRY_BYTES * (ifd + 2 <= file.length ? file.readUInt16LE(ifd) : 0);
  if (ifd === 0 || end + 4 > file.length) return bytes;
  const start = file.length + (file.length % 2);
  const scale = doubles(pixelM, pixelM, 0);
  const tiepoint = doubles(0, 0, 0, x, y, 0);
  const keys = Buffer.from(Uint16Array.from(UTM_31).buffer);
  const entries: Buffer[] = [];
  for (let at = ifd + 2; at < end; at += ENTRY_BYTES) entries.push(file.subarray(at, at + ENTRY_BYTES));
  entries.push(
    entry(33_550, 12, 3, start),
    entry(33_922, 12, 6, start + scale.length),
    entry(34_735, 3, UTM_31.length, start + scale.length + tiepoint.length),
  );
  entries.sort((a, b) => a.readUInt16LE(0) - b.readUInt16LE(0));
  const count = Buffer.alloc(2);
  count.writeUInt16LE(entries.length);
  const values = [scale, tiepoint, keys];
  file.writeUInt32LE(start + values.reduce((sum, { length }) => sum + length, 0), 4);
  return Buffer.concat([
    file,
    Buffer.alloc(start - file.length),
    ...values,
    count,
    ...entries,
    file.subarray(end, end + 4),
  ]);
}

const doubles = (...values: number[]): Buffer => Buffer.from(Float64Array.from(values).buffer);

function entry(tag: number, type: number, count: number, at: number): Buffer {
  const bytes = Buffer.alloc(ENTRY_BYTES);
  bytes.writeUInt16LE(tag, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.writeUInt32LE(count, 4);
  bytes.writeUInt32LE(at, 8);
  return bytes;
}

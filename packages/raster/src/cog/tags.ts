/** One TIFF field before it has a place in the file. */
export type Tag =
  | { readonly id: number; readonly type: 'short' | 'long' | 'double'; readonly values: readonly number[] }
  | { readonly id: number; readonly type: 'ascii'; readonly text: string }
  | { readonly id: number; readonly type: 'offset'; readonly values: Float64Array };

/** `offset` is LONG in classic TIFF and LONG8 in BigTIFF. */
const TYPE_CODE = { ascii: 2, short: 3, long: 4, double: 12 } as const;
const TYPE_BYTES = { short: 2, long: 4, double: 8 } as const;

export type TiffFlavour = 'classic' | 'big';

interface FlavourSizes {
  readonly header: number;
  readonly entryCount: number;
  readonly entry: number;
  /** Bytes of an offset, and of a value that fits into its entry. */
  readonly pointer: number;
}

const SIZES: Readonly<Record<TiffFlavour, FlavourSizes>> = {
  classic: { header: 8, entryCount: 2, entry: 12, pointer: 4 },
  big: { header: 16, entryCount: 8, entry: 20, pointer: 8 },
};

/** Values start on 8-byte boundaries: no reader has to read across one, and the size is easy to predict. */
const align = (bytes: number) => Math.ceil(bytes / 8) * 8;

function valueBytes(tag: Tag, flavour: TiffFlavour): Uint8Array {
  if (tag.type === 'ascii') return new TextEncoder().encode(`${tag.text}\0`);
  const size = tag.type === 'offset' ? SIZES[flavour].pointer : TYPE_BYTES[tag.type];
  const bytes = new Uint8Array(tag.values.length * size);
  const view = new DataView(bytes.buffer);
  tag.values.forEach((value, i) => {
    if (tag.type === 'double') view.setFloat64(i * 8, value, true);
    else putUnsigned(view, i * size, value, size);
  });
  return bytes;
}

function putUnsigned(view: DataView, at: number, value: number, size: number): void {
  if (size === 2) view.setUint16(at, value, true);
  else if (size === 4) view.setUint32(at, value, true);
  else view.setBigUint64(at, BigInt(value), true);
}

function valueCount(tag: Tag, bytes: Uint8Array): number {
  return tag.type === 'ascii' ? bytes.length : tag.values.length;
}

function typeCode(tag: Tag, flavour: TiffFlavour): number {
  if (tag.type !== 'offset') return TYPE_CODE[tag.type];
  return flavour === 'big' ? 16 : 4;
}

function directoryBytes(entries: number, flavour: TiffFlavour): number {
  const { entryCount, entry, pointer } = SIZES[flavour];
  return align(entryCount + entries * entry + pointer);
}

/** Bytes of header, directories and their values: independent of what the values are. */
export function headerBytes(directories: readonly (readonly Tag[])[], flavour: TiffFlavour): number {
  let total = SIZES[flavour].header;
  for (const tags of directories) {
    total += directoryBytes(tags.length, flavour);
    for (const tag of tags) {
      const { length } = valueBytes(tag, flavour);
      if (length > SIZES[flavour].pointer) total += align(length);
    }
  }
  return total;
}

/**
 * Header, then each directory followed by its values, in order (TIFF 6.0 section 2; BigTIFF as in libtiff). Tags
 * are sorted here.
 */
export function encodeHeader(directories: readonly (readonly Tag[])[], flavour: TiffFlavour): Uint8Array {
  const { header, entryCount, entry, pointer } = SIZES[flavour];
  const out = new Uint8Array(headerBytes(directories, flavour));
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, flavour === 'big' ? 43 : 42, true);
  if (flavour === 'big') view.setUint16(4, 8, true);
  putUnsigned(view, header - pointer, header, pointer);
  let at = header;
  directories.forEach((tags, index) => {
    const sorted = tags.toSorted((a, b) => a.id - b.id);
    let valuesAt = at + directoryBytes(sorted.length, flavour);
    putUnsigned(view, at, sorted.length, entryCount);
    sorted.forEach((tag, i) => {
      const field = at + entryCount + i * entry;
      const bytes = valueBytes(tag, flavour);
      view.setUint16(field, tag.id, true);
      view.setUint16(field + 2, typeCode(tag, flavour), true);
      putUnsigned(view, field + 4, valueCount(tag, bytes), pointer);
      if (bytes.length <= pointer) {
        out.set(bytes, field + 4 + pointer);
      } else {
        putUnsigned(view, field + 4 + pointer, valuesAt, pointer);
        out.set(bytes, valuesAt);
        valuesAt += align(bytes.length);
      }
    });
    const next = index + 1 < directories.length ? valuesAt : 0;
    putUnsigned(view, at + entryCount + sorted.length * entry, next, pointer);
    at = valuesAt;
  });
  return out;
}

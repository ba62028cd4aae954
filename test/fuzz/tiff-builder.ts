/** Builds TIFF bytes, lawful or not: classic and Big, both byte orders, any field type, lying counts, offsets and links. */

/** One IFD entry to be written. */
export interface BuilderTag {
  readonly tag: number;
  /** TIFF field type; types this builder does not know are written as bytes. */
  readonly type: number;
  readonly values: readonly number[] | readonly bigint[] | string | Uint8Array;
  /** Written instead of the number of values: a lie. */
  readonly count?: number;
  /** Written as the place of the values instead of the true one: a lie. */
  readonly at?: number;
}

export interface BuilderImage {
  readonly tags: readonly BuilderTag[];
  /** Data blocks; an empty one is sparse (offset and length 0). Absent: no offset and count tags are added. */
  readonly blocks?: readonly Uint8Array[];
  readonly tiled?: true;
  /** Written as the block places instead of the true ones: lies. */
  readonly offsets?: readonly number[];
  readonly counts?: readonly number[];
  /** Written as the link to the next IFD instead of the true one; `self` is the IFD's own offset. */
  readonly next?: number | 'self';
  /** Entries stay in the order given. */
  readonly unsorted?: true;
}

export interface BuilderOptions {
  readonly order?: 'little' | 'big';
  readonly bigTiff?: true;
  /** Bytes between the header and the first block, such as GDAL's structural metadata. */
  readonly ghost?: string;
}

const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

function encode({ type, values }: BuilderTag, le: boolean): Uint8Array {
  if (typeof values === 'string') return Buffer.from(values, 'latin1');
  if (values instanceof Uint8Array) return values;
  const size = sizes[type] ?? 1;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    const at = index * size;
    if (type === 11) view.setFloat32(at, Number(value), le);
    else if (type === 12) view.setFloat64(at, Number(value), le);
    else if (size === 1) view.setUint8(at, Number(value) & 255);
    else if (size === 2) view.setUint16(at, Number(value), le);
    else if (size === 4) view.setUint32(at, Number(value), le);
    else view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), le);
  }
  return bytes;
}

const lengthOf = ({ type, values }: BuilderTag): number =>
  values instanceof Uint8Array ? Math.floor(values.length / (sizes[type] ?? 1)) : values.length;

/** Classic or Big TIFF bytes; IFDs lie behind all data, each after its own values. */
export function buildTiff(images: readonly BuilderImage[], options: BuilderOptions = {}): Uint8Array {
  const le = options.order !== 'big';
  const big = options.bigTiff === true;
  const parts: Uint8Array[] = [];
  let end = 0;
  const put = (bytes: Uint8Array): number => {
    const at = end;
    parts.push(bytes);
    end += bytes.length;
    if (end % 2 === 1) {
      parts.push(new Uint8Array(1));
      end++;
    }
    return at;
  };
  const word = (value: number, bytes: number): Uint8Array => {
    const out = new Uint8Array(bytes);
    const view = new DataView(out.buffer);
    if (bytes === 2) view.setUint16(0, value, le);
    else if (bytes === 4) view.setUint32(0, value, le);
    else view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), le);
    return out;
  };
  const pointer = big ? 8 : 4;
  const header = new Uint8Array(big ? 16 : 8);
  header.set(le ? [0x49, 0x49] : [0x4d, 0x4d]);
  header.set(word(big ? 43 : 42, 2), 2);
  if (big) header.set(word(8, 2), 4);
  put(header);
  if (options.ghost !== undefined) put(Buffer.from(options.ghost, 'latin1'));
  let link: { readonly bytes: Uint8Array; readonly at: number } = { bytes: header, at: big ? 8 : 4 };
  for (const image of images) {
    const tags = [...image.tags];
    if (image.blocks !== undefined) {
      const places = image.blocks.map((block) => (block.length === 0 ? 0 : put(block)));
      const lengths = image.blocks.map((block) => block.length);
      const [offsetTag, countTag] = image.tiled === true ? [324, 325] : [273, 279];
      tags.push({ tag: offsetTag, type: big ? 16 : 4, values: image.offsets ?? places });
      tags.push({ tag: countTag, type: big ? 16 : 4, values: image.counts ?? lengths });
    }
    if (image.unsorted !== true) tags.sort((a, b) => a.tag - b.tag);
    const fields = tags.map((tag) => {
      const bytes = encode(tag, le);
      const field = new Uint8Array(pointer);
      if (tag.at !== undefined) field.set(word(tag.at, pointer));
      else if (bytes.length > pointer) field.set(word(put(bytes), pointer));
      else field.set(bytes);
      return field;
    });
    const countBytes = big ? 8 : 2;
    const entryBytes = big ? 20 : 12;
    const ifd = new Uint8Array(countBytes + tags.length * entryBytes + pointer);
    ifd.set(word(tags.length, countBytes));
    for (const [index, tag] of tags.entries()) {
      const at = countBytes + index * entryBytes;
      ifd.set(word(tag.tag, 2), at);
      ifd.set(word(tag.type, 2), at + 2);
      ifd.set(word(tag.count ?? lengthOf(tag), pointer), at + 4);
      ifd.set(fields[index] ?? new Uint8Array(0), at + 4 + pointer);
    }
    const place = put(ifd);
    link.bytes.set(word(place, pointer), link.at);
    link = { bytes: ifd, at: ifd.length - pointer };
    if (image.next !== undefined) ifd.set(word(image.next === 'self' ? place : image.next, pointer), link.at);
  }
  return Buffer.concat(parts);
}

/** Tags of a plain image; a tag given in `more` replaces the standard one. */
export function imageTags(
  shape: {
    readonly width: number;
    readonly height: number;
    readonly bits?: number;
    readonly samples?: number;
    readonly compression?: number;
    readonly rows?: number;
    readonly tile?: readonly [width: number, height: number];
  },
  more: readonly BuilderTag[] = [],
): BuilderTag[] {
  const { width, height, bits = 8, samples = 1, compression = 1 } = shape;
  const given = new Set(more.map(({ tag }) => tag));
  const standard: BuilderTag[] = [
    { tag: 256, type: 4, values: [width] },
    { tag: 257, type: 4, values: [height] },
    { tag: 258, type: 3, values: Array.from({ length: samples }, () => bits) },
    { tag: 259, type: 3, values: [compression] },
    { tag: 262, type: 3, values: [samples >= 3 ? 2 : 1] },
    { tag: 277, type: 3, values: [samples] },
    ...(shape.tile === undefined
      ? [{ tag: 278, type: 4, values: [shape.rows ?? height] }]
      : [
          { tag: 322, type: 4, values: [shape.tile[0]] },
          { tag: 323, type: 4, values: [shape.tile[1]] },
        ]),
  ];
  return [...standard.filter(({ tag }) => !given.has(tag)), ...more];
}

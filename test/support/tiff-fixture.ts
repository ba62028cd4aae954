/** Writes small TIFF files for tests: exactly the tags that are given, lawful or not. */

export interface FixtureTag {
  readonly tag: number;
  /** TIFF field type: 2 ASCII, 3 SHORT, 4 LONG, 9 SLONG, 12 DOUBLE, 16 LONG8. */
  readonly type: 2 | 3 | 4 | 9 | 12 | 16;
  readonly values: readonly number[] | string;
  /** Written instead of the number of values: a lie. */
  readonly count?: number;
}

export interface FixtureIfd {
  readonly tags: readonly FixtureTag[];
  /** Blocks of data; their offsets and lengths become StripOffsets/StripByteCounts (or the tile pair). */
  readonly blocks?: readonly Uint8Array[];
  readonly tiled?: boolean;
  /** Written as the link to the next IFD instead of the true one. */
  readonly next?: number;
}

const bytesOfType: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 4, 9: 4, 12: 8, 16: 8 };

export const short = (tag: number, ...values: number[]): FixtureTag => ({ tag, type: 3, values });
export const long = (tag: number, ...values: number[]): FixtureTag => ({ tag, type: 4, values });
export const ascii = (tag: number, values: string): FixtureTag => ({ tag, type: 2, values: `${values}\0` });
export const double = (tag: number, ...values: number[]): FixtureTag => ({ tag, type: 12, values });

/** Classic TIFF bytes, IFDs first to last after all data. */
export function makeTiff(ifds: readonly FixtureIfd[], order: 'little' | 'big' = 'little'): Uint8Array {
  const le = order === 'little';
  const out = new Uint8Array(1 << 20);
  const view = new DataView(out.buffer);
  out.set(le ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, le);
  let end = 8;
  let linkAt = 4;
  const put = (bytes: Uint8Array): number => {
    const at = end;
    out.set(bytes, at);
    end += bytes.length + (bytes.length % 2);
    return at;
  };
  for (const ifd of ifds) {
    const tags = [...ifd.tags];
    if (ifd.blocks !== undefined) {
      const offsets = ifd.blocks.map((block) => (block.length === 0 ? 0 : put(block)));
      const counts = ifd.blocks.map((block) => block.length);
      tags.push(long(ifd.tiled ? 324 : 273, ...offsets), long(ifd.tiled ? 325 : 279, ...counts));
    }
    tags.sort((a, b) => a.tag - b.tag);
    const encoded = tags.map((tag) => encode(tag, le));
    const places = encoded.map((bytes) => (bytes.length > 4 ? put(bytes) : 0));
    const at = end;
    view.setUint32(linkAt, at, le);
    view.setUint16(at, tags.length, le);
    end = at + 2;
    for (const [index, tag] of tags.entries()) {
      view.setUint16(end, tag.tag, le);
      view.setUint16(end + 2, tag.type, le);
      view.setUint32(end + 4, tag.count ?? tag.values.length, le);
      const bytes = encoded[index] ?? new Uint8Array(0);
      if (bytes.length > 4) view.setUint32(end + 8, places[index] ?? 0, le);
      else out.set(bytes, end + 8);
      end += 12;
    }
    linkAt = end;
    view.setUint32(linkAt, ifd.next ?? 0, le);
    end += 4;
  }
  return out.slice(0, end);
}

function encode({ type, values }: FixtureTag, le: boolean): Uint8Array {
  if (typeof values === 'string') return Buffer.from(values, 'latin1');
  const size = bytesOfType[type] ?? 1;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    const at = index * size;
    if (type === 3) view.setUint16(at, value, le);
    else if (type === 4 || type === 9) view.setUint32(at, value, le);
    else if (type === 12) view.setFloat64(at, value, le);
    else view.setBigUint64(at, BigInt(value), le);
  }
  return bytes;
}

/** An 8-bit grey image of one uncompressed strip per row, with more tags if wanted. */
export function greyIfd(
  width: number,
  rows: readonly (readonly number[])[],
  tags: readonly FixtureTag[] = [],
): FixtureIfd {
  const given = new Set(tags.map((tag) => tag.tag));
  const standard = [
    long(256, width),
    long(257, rows.length),
    short(258, 8),
    short(259, 1),
    short(262, 1),
    short(277, 1),
    long(278, 1),
  ];
  return {
    tags: [...standard.filter((tag) => !given.has(tag.tag)), ...tags],
    blocks: rows.map((row) => Uint8Array.from(row)),
  };
}

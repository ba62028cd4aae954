import { SwathError } from '@swath/core';
import { MAX_WKB_DEPTH } from '../limits.ts';

/** By the code of WKB, which adds 1000 for Z, 2000 for M, 3000 for both (OGC 06-103r4, 8.2.3). */
const names = [
  undefined,
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
] as const;
const dimensions = ['', ' Z', ' M', ' ZM'] as const;

/**
 * Geometry as people and programs read it in a cell of text: well-known text, every digit.
 * @throws SwathError Corrupt for bytes that are no WKB.
 */
export function wktOfWkb(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const corrupt = () => new SwathError('Corrupt', `A geometry is no WKB at byte ${at} of ${bytes.length}.`);
  const take = (size: number): number => {
    if (at + size > view.byteLength) throw corrupt();
    at += size;
    return at - size;
  };

  function header() {
    const little = view.getUint8(take(1)) === 1;
    const code = view.getUint32(take(4), little);
    const name = names[code % 1000];
    const suffix = dimensions[Math.floor(code / 1000)];
    if (name === undefined || suffix === undefined) throw corrupt();
    return { little, name, suffix, axes: 2 + suffix.trim().length };
  }
  type Header = ReturnType<typeof header>;

  const position = ({ little, axes }: Header): string =>
    Array.from({ length: axes }, () => view.getFloat64(take(8), little)).join(' ');
  /** Each part takes some bytes: a count beyond them ends at the last byte. */
  function list(of: Header, part: () => string): string {
    const count = view.getUint32(take(4), of.little);
    const parts: string[] = [];
    for (let i = 0; i < count; i++) parts.push(part());
    return parts.length === 0 ? 'EMPTY' : `(${parts.join(', ')})`;
  }
  const line = (of: Header): string => list(of, () => position(of));

  function body(of: Header, depth: number): string {
    if (of.name === 'POINT') {
      const text = position(of);
      return text.startsWith('NaN') ? 'EMPTY' : `(${text})`;
    }
    if (of.name === 'LINESTRING') return line(of);
    if (of.name === 'POLYGON') return list(of, () => line(of));
    return list(of, () => (of.name === 'GEOMETRYCOLLECTION' ? whole(depth + 1) : body(header(), depth + 1)));
  }
  function whole(depth: number): string {
    if (depth > MAX_WKB_DEPTH) throw corrupt();
    const of = header();
    const text = body(of, depth);
    return `${of.name}${of.suffix} ${text}`;
  }
  return whole(0);
}

import type { CrsId, Geotransform } from '@swath/geo';
import { MAX_GML_NUMBERS_CHARS, MAX_TAG_NAME_CHARS } from '../limits.ts';

/** Georeference of a JP2. */
export interface Jp2Reference {
  readonly crs: CrsId | null;
  readonly geotransform: Geotransform | null;
  readonly reason?: string;
}

const numbers = (text: string | undefined): number[] =>
  (text ?? '')
    .slice(0, MAX_GML_NUMBERS_CHARS)
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number);

/** EPSG geographic CRSs whose axes GML gives as latitude, longitude: those of EPSG 4000 to 4999 in URN form. */
const isLatLon = (srs: string, code: number): boolean => /^urn:/.test(srs) && code >= 4000 && code < 5000;

/** An element by its local name: what stands between its name and `>`, and its text up to the next `<`. */
interface Element {
  readonly attributes: string;
  readonly text: string;
  /** Index behind the opening tag. */
  readonly end: number;
}

/**
 * The next opening tag of one of these local names, from `from` on. Each search goes on where the last one ended, and
 * no part of the text is looked at twice: a document of half-open tags costs no more than its length.
 */
function nextElement(xml: string, names: readonly string[], from: number): Element | undefined {
  for (let open = xml.indexOf('<', from); open >= 0; open = xml.indexOf('<', open + 1)) {
    const head = xml.slice(open + 1, open + 1 + MAX_TAG_NAME_CHARS);
    const name = /^(?:\w+:)?(\w+)(?=[\s>])/.exec(head);
    if (name === null || !names.includes(name[1] ?? '')) continue;
    const close = xml.indexOf('>', open);
    if (close < 0) return undefined;
    const next = xml.indexOf('<', close);
    const attributes = xml.slice(open + 1 + name[0].length, close);
    return { attributes, text: next < 0 ? '' : xml.slice(close + 1, next), end: close + 1 };
  }
  return undefined;
}

/** Text of a GML reference as its code: `...EPSG:32632`, `...EPSG::32632`, `.../EPSG/0/32632`. */
function epsgCode(srs: string): number {
  const at = srs.toUpperCase().lastIndexOf('EPSG');
  return at < 0 ? Number.NaN : Number(/[:/](\d{4,5})(?!\d)/.exec(srs.slice(at))?.[1] ?? Number.NaN);
}

/**
 * The RectifiedGrid of a GMLJP2 document (OGC 08-085, section 7): origin at the centre of the first pixel and two
 * offset vectors. Read by pattern, not as XML: no entities, no external parts.
 */
export function parseGmlJp2(xml: string): Jp2Reference | undefined {
  const opening = nextElement(xml, ['RectifiedGrid'], 0);
  if (opening === undefined) return undefined;
  const closing = /<\/(?:\w{1,40}:)?RectifiedGrid>/.exec(xml.slice(opening.end));
  if (closing === null) return undefined;
  const grid = xml.slice(opening.end, opening.end + closing.index);
  const point = nextElement(grid, ['pos', 'coordinates'], 0);
  const origin = numbers(point?.text);
  const first = nextElement(grid, ['offsetVector'], 0);
  const second = first === undefined ? undefined : nextElement(grid, ['offsetVector'], first.end);
  const vectors = [first, second].map((vector) => numbers(vector?.text));
  const reference = /srsName\s{0,8}=\s{0,8}["']([^"']{1,400})["']/;
  const srs = (reference.exec(opening.attributes) ?? reference.exec(grid))?.[1] ?? '';
  const code = epsgCode(srs);
  let [x, y] = origin;
  let [[ax, ay] = [], [bx, by] = []] = vectors;
  if (isLatLon(srs, code)) {
    [x, y] = [y, x];
    [ax, ay] = [ay, ax];
    [bx, by] = [by, bx];
  }
  if (
    x === undefined ||
    y === undefined ||
    ax === undefined ||
    ay === undefined ||
    bx === undefined ||
    by === undefined
  ) {
    return undefined;
  }
  const geotransform: Geotransform = [x - 0.5 * ax - 0.5 * bx, ax, bx, y - 0.5 * ay - 0.5 * by, ay, by];
  if (!geotransform.every(Number.isFinite)) return undefined;
  return Number.isNaN(code)
    ? { crs: null, geotransform, reason: `srsName "${srs.slice(0, 80)}" of the GMLJP2 box` }
    : { crs: `EPSG:${code}`, geotransform };
}

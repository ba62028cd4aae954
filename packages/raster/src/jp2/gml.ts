import type { CrsId, Geotransform } from '@swath/geo';

/** Georeference of a JP2. */
export interface Jp2Reference {
  readonly crs: CrsId | null;
  readonly geotransform: Geotransform | null;
  readonly reason?: string;
}

const numbers = (text: string | undefined): number[] =>
  (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number);

/** EPSG geographic CRSs whose axes GML gives as latitude, longitude: those of EPSG 4000 to 4999 in URN form. */
const isLatLon = (srs: string, code: number): boolean => /^urn:/.test(srs) && code >= 4000 && code < 5000;

/**
 * The RectifiedGrid of a GMLJP2 document (OGC 08-085, section 7): origin at the centre of the first pixel and two
 * offset vectors. Read by pattern, not as XML: no entities, no external parts.
 */
export function parseGmlJp2(xml: string): Jp2Reference | undefined {
  const grid = /<(?:\w+:)?RectifiedGrid[\s>][\s\S]*?<\/(?:\w+:)?RectifiedGrid>/.exec(xml)?.[0];
  if (grid === undefined) return undefined;
  const srs = /srsName\s*=\s*["']([^"']+)["']/.exec(grid)?.[1] ?? '';
  const origin = numbers(/<(?:\w+:)?(?:pos|coordinates)[^>]*>([^<]*)</.exec(grid)?.[1]);
  const vectors = [...grid.matchAll(/<(?:\w+:)?offsetVector[^>]*>([^<]*)</g)].map((match) =>
    numbers(match[1]),
  );
  let [x, y] = origin;
  let [[ax, ay] = [], [bx, by] = []] = vectors;
  const code = Number(/EPSG[:/]+(?:[\d.]*[:/]+)?(\d{4,5})/i.exec(srs)?.[1] ?? Number.NaN);
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

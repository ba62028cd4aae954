import { imageOpener } from '@swath/raster';
import type { Agreement } from './verify.ts';

/** Rows of one strip of the comparison: 512 of a whole tile are 45 MB in float64. */
const ROWS = 512;

/** Compares two results with our own reader, for machines without GDAL. @throws Error when their sizes differ. */
export async function compareByUs(ours: string, theirs: string, nodata: number): Promise<Agreement> {
  const open = imageOpener({ files: true });
  const [a, b] = [await open(ours), await open(theirs)];
  try {
    const { width, height } = a.info;
    if (b.info.width !== width || b.info.height !== height) {
      throw new Error(`ours is ${width} x ${height}, theirs ${b.info.width} x ${b.info.height}`);
    }
    const found = { pixels: 0, identical: 0, onlyOursValid: 0, onlyTheirsValid: 0, maxDifference: 0 };
    for (let y = 0; y < height; y += ROWS) {
      const window = { x: 0, y, width, height: Math.min(ROWS, height - y) };
      const [mine, other] = await Promise.all(
        [a, b].map(async (image) => (await image.readWindow({ band: 1, level: 0, window })).data),
      );
      if (mine === undefined || other === undefined) throw new Error('a strip is missing');
      for (let i = 0; i < mine.length; i++) {
        const [p, q] = [Number(mine[i]), Number(other[i])];
        found.pixels++;
        if (p === q) found.identical++;
        else if (q === nodata) found.onlyOursValid++;
        else if (p === nodata) found.onlyTheirsValid++;
        else found.maxDifference = Math.max(found.maxDifference, Math.abs(p - q));
      }
    }
    return found;
  } finally {
    await a.close();
    await b.close();
    await open.close();
  }
}

import { SwathError } from '@swath/core';
import { MAX_GEO_BOX_BYTES } from '../limits.ts';
import { memorySource } from '../source/memory.ts';
import { crsOf } from '../tiff/crs.ts';
import { KEY, readGeoKeys } from '../tiff/geokeys.ts';
import { geotransformOf, readGeoTags } from '../tiff/geotransform.ts';
import { readStructure } from '../tiff/ifd.ts';
import { type Box, readBoxes } from './boxes.ts';
import { type Jp2Reference, parseGmlJp2 } from './gml.ts';

/** UUID of the GeoJP2 box: a degenerate GeoTIFF (GeoJP2 specification of Mapping Science, section 3). */
const GEOJP2 = 'b14bf8bd083d4b43a5ae8cd7d5a6ce03';

/** Where a JP2 says it lies: the GeoJP2 box, else GMLJP2, else nowhere. @throws SwathError Corrupt, LimitExceeded. */
export async function readReference(
  bytes: Uint8Array,
  boxes: readonly Box[],
  name: string,
): Promise<Jp2Reference> {
  for (const box of boxes) {
    if (box.type !== 'uuid' || box.end - box.start < 16 + 8) continue;
    if (Buffer.from(bytes.subarray(box.start, box.start + 16)).toString('hex') !== GEOJP2) continue;
    if (box.end - box.start > MAX_GEO_BOX_BYTES) {
      throw new SwathError('LimitExceeded', `${name}: the GeoJP2 box has ${box.end - box.start} bytes`);
    }
    return await fromGeoTiff(bytes.subarray(box.start + 16, box.end), name);
  }
  for (const box of boxes) {
    if (box.type !== 'asoc' || box.end - box.start > MAX_GEO_BOX_BYTES) continue;
    const found = gmlIn(bytes, box, name, 0);
    if (found !== undefined) return found;
  }
  return { crs: null, geotransform: null, reason: 'no GeoJP2 or GMLJP2 box' };
}

async function fromGeoTiff(tiff: Uint8Array, name: string): Promise<Jp2Reference> {
  const file = await readStructure(memorySource(tiff, `${name} (GeoJP2 box)`));
  const ifd = file.ifds[0];
  if (ifd === undefined) throw new SwathError('Bug', `${name}: GeoJP2 box without IFD`);
  const keys = await readGeoKeys(file, ifd);
  const crs = crsOf(keys);
  const geotransform = geotransformOf(
    await readGeoTags(file, ifd),
    keys?.short(KEY.GTRasterType) === 2,
    name,
  );
  return { crs: crs.crs, geotransform, ...(crs.crs === null ? { reason: crs.reason } : {}) };
}

/** GMLJP2 nests: asoc > (lbl "gml.data", asoc > (lbl, xml)). Three levels are enough. */
function gmlIn(bytes: Uint8Array, box: Box, name: string, depth: number): Jp2Reference | undefined {
  for (const inner of readBoxes(bytes, box.start, box.end, name)) {
    if (inner.type === 'asoc' && depth < 3) {
      const found = gmlIn(bytes, inner, name, depth + 1);
      if (found !== undefined) return found;
    }
    if (inner.type === 'xml ') {
      const found = parseGmlJp2(new TextDecoder().decode(bytes.subarray(inner.start, inner.end)));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

import { SwathError } from '@swath/core';
import type { ByteSource } from '../image.ts';
import { MAX_GEO_BOX_BYTES } from '../limits.ts';
import { memorySource } from '../source/memory.ts';
import { crsOf } from '../tiff/crs.ts';
import { KEY, readGeoKeys } from '../tiff/geokeys.ts';
import { geotransformOf, readGeoTags } from '../tiff/geotransform.ts';
import { readExactly, readStructure } from '../tiff/ifd.ts';
import { type Box, readBoxes } from './boxes.ts';
import { type Jp2Reference, parseGmlJp2 } from './gml.ts';

/** UUID of the GeoJP2 box: a degenerate GeoTIFF (GeoJP2 specification of Mapping Science, section 3). */
const GEOJP2 = 'b14bf8bd083d4b43a5ae8cd7d5a6ce03';

/** Where a JP2 says it lies: the GeoJP2 box, else GMLJP2, else nowhere. @throws SwathError Corrupt, LimitExceeded. */
export async function readReference(
  source: ByteSource,
  sizeBytes: number,
  boxes: readonly Box[],
): Promise<Jp2Reference> {
  const contents = async (box: Box): Promise<Uint8Array> => {
    const view = await readExactly(source, sizeBytes, box.start, box.end - box.start, `the ${box.type} box`);
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  };
  // Boxes above the limit hold something else than a georeference (XMP, GML coverages): they are passed over.
  const small = boxes.filter((box) => box.end - box.start <= MAX_GEO_BOX_BYTES);
  for (const box of small) {
    if (box.type !== 'uuid' || box.end - box.start < 16 + 8) continue;
    const bytes = await contents(box);
    if (Buffer.from(bytes.subarray(0, 16)).toString('hex') !== GEOJP2) continue;
    return await fromGeoTiff(bytes.subarray(16), source.name);
  }
  for (const box of small) {
    if (box.type !== 'asoc') continue;
    const bytes = await contents(box);
    const found = gmlIn(bytes, { type: 'asoc', start: 0, end: bytes.length }, source.name, 0);
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

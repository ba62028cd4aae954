import { SwathError } from '@swath/core';
import { sampleBytesOf } from '../codec/block.ts';
import type { RasterImage, RasterInfo, WindowPixels, WindowRequest } from '../image.ts';
import { CMYK_BANDS, inkToLight, isCmyk } from './cmyk.ts';
import { crsOf } from './crs.ts';
import { bandInfos, parseMetadataItems } from './gdal-metadata.ts';
import { KEY, readGeoKeys } from './geokeys.ts';
import { geotransformOf, readGeoTags } from './geotransform.ts';
import type { TiffFile } from './ifd.ts';
import type { Layout } from './layout.ts';
import { arrangeLevels, type FileImages, type Level, type LevelContext, readImages } from './levels.ts';
import { parseNodata } from './nodata.ts';
import { checkWindow, readBand } from './read-window.ts';
import { fillSamples, samplesOf } from './samples.ts';
import { compressionName } from './tags.ts';
import { tagText } from './values.ts';

/** Files that GDAL keeps beside a TIFF; each is a TIFF of its own. */
export interface Siblings {
  /** `.ovr`: overviews. */
  readonly overviews?: LevelContext;
  /** `.msk`: masks. */
  readonly masks?: LevelContext;
}

/**
 * Opens a TIFF: all headers are read now, block offsets and blocks when windows are.
 * @throws SwathError Corrupt, LimitExceeded, Unsupported (naming the feature), and what the source throws.
 */
export async function openTiff(context: LevelContext, siblings: Siblings = {}): Promise<RasterImage> {
  const images = await readImages(context);
  const beside = siblings.overviews === undefined ? undefined : await readImages(siblings.overviews);
  const masks = siblings.masks === undefined ? undefined : await readImages(siblings.masks);
  const levels = arrangeLevels(
    images.main,
    // Internal overviews win: GDAL looks beside the file only when there are none.
    images.overviews.length > 0 || beside === undefined
      ? images.overviews
      : [beside.main, ...beside.overviews],
    masks === undefined ? images.masks : [...images.masks, masks.main, ...masks.overviews],
  );
  const info = await describe(images, levels);
  return {
    name: context.source.name,
    info,
    readWindow: (request) => readWindow(context.source.name, info, levels, request),
    close: () => context.source.close(),
  };
}

async function describe(images: FileImages, levels: readonly Level[]): Promise<RasterInfo> {
  const { file, main } = images;
  const { ifd, layout } = main;
  const { name } = file.source;
  const keys = await readGeoKeys(file, ifd);
  const geoTags = await readGeoTags(file, ifd);
  const pixelIsPoint = keys?.short(KEY.GTRasterType) === 2;
  const crs = crsOf(keys);
  const items = parseMetadataItems((await tagText(file, ifd, 'GDAL_METADATA')) ?? '');
  const nodata = await tagText(file, ifd, 'GDAL_NODATA');
  return {
    width: layout.width,
    height: layout.height,
    bands: bandInfos(items, isCmyk(layout) ? CMYK_BANDS : layout.samples, name),
    dtype: isCmyk(layout) ? 'uint8' : layout.dtype,
    crs: crs.crs,
    geotransform: geotransformOf(geoTags, pixelIsPoint, name),
    nodata: parseNodata(nodata, isCmyk(layout) ? 'uint8' : layout.dtype),
    levels: levels.map(({ image: { layout: level } }) => ({
      width: level.width,
      height: level.height,
      blockWidth: level.blockWidth,
      blockHeight: level.blockHeight,
    })),
    compression: compressionName(layout.compression),
    tags: {
      ...tagWords(file, layout),
      ...(images.otherIfds > 0 ? { other_ifds: images.otherIfds } : {}),
      ...(keys === undefined ? {} : { pixel_is: pixelIsPoint ? 'Point' : 'Area' }),
      ...(nodata === undefined ? {} : { nodata }),
      ...(crs.crs === null ? { crs_reason: crs.reason } : {}),
      geo: geoTags.pixelScale
        ? 'scale+tiepoint'
        : geoTags.transformation
          ? 'transform'
          : geoTags.tiepoint
            ? 'tiepoints'
            : 'none',
    },
  };
}

const formats: Readonly<Record<number, string>> = {
  1: 'uint',
  2: 'int',
  3: 'float',
  4: 'void',
  5: 'cint',
  6: 'cfloat',
};

function tagWords(file: TiffFile, layout: Layout): Record<string, string | number> {
  return {
    byte_order: file.littleEndian ? 'little' : 'big',
    bigtiff: file.bigTiff ? 'yes' : 'no',
    ifds: file.ifds.length,
    samples: layout.samples,
    bits: layout.bits,
    sample_format: formats[layout.format] ?? layout.format,
    predictor: layout.predictor,
    planar: layout.planar === 'separate' ? 'band' : 'pixel',
    layout: layout.tiled
      ? `tiled ${layout.blockWidth}x${layout.blockHeight}`
      : `strips of ${layout.blockHeight} rows`,
    photometric: layout.photometric,
    ...(layout.extraSamples.length > 0 ? { extra_samples: layout.extraSamples.join(',') } : {}),
  };
}

/** 1-based band that is alpha (ExtraSamples 1 or 2), or undefined. */
function alphaBand(layout: Layout): number | undefined {
  const at = layout.extraSamples.findIndex((kind) => kind === 1 || kind === 2);
  const band = layout.samples - layout.extraSamples.length + at + 1;
  return at < 0 || band < 1 ? undefined : band;
}

/** Precedence: a mask IFD, else alpha; a pixel that no block stores is invalid in any case, and holds nodata (or 0). */
async function readWindow(
  name: string,
  info: RasterInfo,
  levels: readonly Level[],
  request: WindowRequest,
): Promise<WindowPixels> {
  const { band, window, signal } = request;
  const level = levels[request.level];
  if (level === undefined) {
    throw new SwathError('Bug', `${name}: level ${request.level} of ${levels.length}`);
  }
  const { image, mask } = level;
  const { layout } = image;
  if (!Number.isInteger(band) || band < 1 || band > info.bands.length) {
    throw new SwathError('Bug', `${name}: band ${band} of ${info.bands.length}`);
  }
  checkWindow(name, window, layout, sampleBytesOf(layout));
  const places = await image.places();
  if (isCmyk(layout)) return await readCmyk(image, places, request);
  const { bytes, stored } = await readBand(image, places, { band, window, signal });
  const data = samplesOf(layout.dtype, bytes);
  if (stored !== undefined && info.nodata !== null) {
    const filled = samplesOf(layout.dtype, new Uint8Array(sampleBytesOf(layout)));
    fillSamples(filled, info.nodata === 'nan' ? Number.NaN : info.nodata);
    fillWhere(data, stored, filled);
  }
  let valid = stored;
  if (mask !== undefined) {
    const read = await readBand(mask, await mask.places(), { band: 1, window, signal });
    valid = intersect(valid, read.bytes, 1);
  } else {
    const alpha = alphaBand(layout);
    if (alpha !== undefined) {
      const read = await readBand(image, places, { band: alpha, window, signal });
      valid = intersect(valid, read.bytes, sampleBytesOf(layout));
    }
  }
  return valid === undefined ? { data } : { data, valid };
}

/** CMYK as GDAL presents it: no mask, no nodata; inks of blocks that are not stored are 0, which is white. */
async function readCmyk(
  image: Level['image'],
  places: Awaited<ReturnType<Level['image']['places']>>,
  { band, window, signal }: WindowRequest,
): Promise<WindowPixels> {
  if (band === CMYK_BANDS) return { data: new Uint8Array(window.width * window.height).fill(255) };
  const ink = await readBand(image, places, { band, window, signal });
  const black = await readBand(image, places, { band: CMYK_BANDS, window, signal });
  const valid = ink.stored ?? black.stored;
  const data = inkToLight(ink.bytes, black.bytes);
  return valid === undefined ? { data } : { data, valid };
}

function fillWhere(data: WindowPixels['data'], stored: Uint8Array, filled: WindowPixels['data']): void {
  const size = data.BYTES_PER_ELEMENT;
  const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const pattern = new Uint8Array(filled.buffer, filled.byteOffset, filled.byteLength);
  for (let at = 0; at < stored.length; at++) if (stored[at] === 0) target.set(pattern, at * size);
}

/** 1 where `valid` is (or is absent) and the mask's sample is not 0. */
function intersect(valid: Uint8Array | undefined, mask: Uint8Array, sampleBytes: number): Uint8Array {
  const count = mask.length / sampleBytes;
  const out = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let any = 0;
    for (let byte = at * sampleBytes; byte < (at + 1) * sampleBytes; byte++) any |= mask[byte] as number;
    out[at] = any !== 0 && (valid === undefined || valid[at] === 1) ? 1 : 0;
  }
  return out;
}

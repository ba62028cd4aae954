import type { RasterImage, RasterInfo } from '../image.ts';
import { CMYK_BANDS, isCmyk } from './cmyk.ts';
import { crsOf } from './crs.ts';
import { bandInfos, parseMetadataItems } from './gdal-metadata.ts';
import { KEY, readGeoKeys } from './geokeys.ts';
import { geotransformOf, readGeoTags } from './geotransform.ts';
import type { TiffFile } from './ifd.ts';
import type { Layout } from './layout.ts';
import { arrangeLevels, type FileImages, type Level, type LevelContext, readImages } from './levels.ts';
import { parseNodata } from './nodata.ts';
import { levelReader } from './read-level.ts';
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
    ...levelReader(context.source.name, info, levels),
    async close() {
      for (const { image, mask } of levels) {
        image.open.close();
        mask?.open.close();
      }
      await context.source.close();
    },
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

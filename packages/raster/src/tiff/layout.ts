import { SwathError } from '@swath/core';
import type { SampleType } from '../image.ts';
import {
  MAX_BLOCK_BYTES,
  MAX_BLOCKS,
  MAX_DIMENSION,
  MAX_JPEG_TABLES_BYTES,
  MAX_SAMPLES_PER_PIXEL,
} from '../limits.ts';
import { corrupt, type Ifd, type TiffFile } from './ifd.ts';
import { compressionName, TAG, type TagName } from './tags.ts';
import { tagBytes, tagInteger, tagIntegers } from './values.ts';

/** How one image (full resolution, overview or mask) lies in the file. Everything here has been checked against the limits. */
export interface Layout {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of one tile; for strips the image width and RowsPerStrip (at most the height). */
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly tiled: boolean;
  /** One uncompressed strip that is read as many: `blockHeight` is not RowsPerStrip, and there is one offset. */
  readonly chopped: boolean;
  /** Blocks in a row and in a column of blocks, of one plane. */
  readonly across: number;
  readonly down: number;
  /** SamplesPerPixel. */
  readonly samples: number;
  /** `separate`: one plane after the other; a block holds one sample per pixel. */
  readonly planar: 'chunky' | 'separate';
  /** Samples per pixel inside one block: `samples` or 1. */
  readonly blockSamples: number;
  /** BitsPerSample, equal for all samples. */
  readonly bits: number;
  /** SampleFormat: 1 unsigned, 2 signed, 3 IEEE float, 5 complex int, 6 complex float. */
  readonly format: number;
  readonly dtype: SampleType;
  /** Bytes of one row of a block as stored (rows start on a byte), and of a whole block. */
  readonly rowBytes: number;
  readonly blockBytes: number;
  readonly compression: number;
  /** 1 none, 2 horizontal, 3 floating point. 1 when the compression does not know predictors. */
  readonly predictor: number;
  /** Bits of each stored byte are mirrored (FillOrder 2). */
  readonly mirrored: boolean;
  readonly photometric: number;
  readonly extraSamples: readonly number[];
  /** NewSubfileType: bit 0 overview, bit 2 mask. */
  readonly subfileType: number;
  /** JPEG: tables shared by all blocks. */
  readonly jpegTables: Uint8Array | undefined;
  /** LERC: 0 none, 1 deflate, 2 zstd on top. */
  readonly lercAdded: number;
}

/** Codecs of libtiff that register the Predictor tag; elsewhere it has no meaning. */
const withPredictor = new Set([5, 8, 32946, 34925, 50000]);

/** libtiff (STRIP_SIZE_DEFAULT) reads one large uncompressed strip in parts of about this many bytes, and so do we. */
const CHOPPED_STRIP_BYTES = 8192;

const wholeSample = new Set([8, 16, 32, 64]);

/** Sample type that a band of these bits is presented in, as GDAL chooses it; undefined when there is none. */
function sampleType(bits: number, format: number): SampleType | undefined {
  if (format === 1 || format === 4) {
    if (bits === 64) return 'uint64';
    // Readers disagree about the byte order of 17 to 31 bits (of 24 in big-endian files only): refused, not guessed.
    return bits <= 8 ? 'uint8' : bits <= 16 ? 'uint16' : bits === 24 || bits === 32 ? 'uint32' : undefined;
  }
  const exact: Readonly<Record<string, SampleType>> = {
    '2/8': 'int8',
    '2/16': 'int16',
    '2/32': 'int32',
    '2/64': 'int64',
    '3/16': 'float16',
    '3/32': 'float32',
    '3/64': 'float64',
    '5/32': 'cint16',
    '5/64': 'cint32',
    '6/64': 'complex64',
    '6/128': 'complex128',
  };
  return exact[`${format}/${bits}`];
}

/** The one value that all samples share. @throws SwathError Corrupt (too few), Unsupported (they differ). */
async function perSample(
  file: TiffFile,
  ifd: Ifd,
  tag: TagName,
  context: { readonly samples: number; readonly fallback: number },
): Promise<number> {
  const { samples, fallback } = context;
  const values = await tagIntegers(file, ifd, tag, MAX_SAMPLES_PER_PIXEL);
  if (values === undefined) return fallback;
  const first = values[0];
  if (first === undefined || (values.length !== 1 && values.length < samples)) {
    throw corrupt(file.source.name, `${tag} has ${values.length} values for ${samples} samples per pixel`);
  }
  if (values.subarray(0, samples).some((value) => value !== first)) {
    throw new SwathError('Unsupported', `${file.source.name}: ${tag} differs between samples`);
  }
  return first;
}

async function required(file: TiffFile, ifd: Ifd, tag: TagName): Promise<number> {
  const value = await tagInteger(file, ifd, tag);
  if (value === undefined) throw corrupt(file.source.name, `${tag} is missing`);
  if (value === 0) throw corrupt(file.source.name, `${tag} is 0`);
  return value;
}

/** Reads and checks the tags that say how pixels lie. @throws SwathError Corrupt, LimitExceeded, Unsupported. */
export async function readLayout(file: TiffFile, ifd: Ifd): Promise<Layout> {
  const { name } = file.source;
  const over = (what: string, value: number, limit: number): never => {
    throw new SwathError('LimitExceeded', `${name}: ${what} is ${value}, the limit is ${limit}`);
  };
  const width = await required(file, ifd, 'ImageWidth');
  const height = await required(file, ifd, 'ImageLength');
  if (width > MAX_DIMENSION) over('ImageWidth', width, MAX_DIMENSION);
  if (height > MAX_DIMENSION) over('ImageLength', height, MAX_DIMENSION);
  const samples = await tagInteger(file, ifd, 'SamplesPerPixel', 1);
  if (samples === 0) throw corrupt(name, 'SamplesPerPixel is 0');
  if (samples > MAX_SAMPLES_PER_PIXEL) over('SamplesPerPixel', samples, MAX_SAMPLES_PER_PIXEL);
  const bits = await perSample(file, ifd, 'BitsPerSample', { samples, fallback: 1 });
  const format = await perSample(file, ifd, 'SampleFormat', { samples, fallback: 1 });
  if (bits === 0) throw corrupt(name, 'BitsPerSample is 0');
  const dtype = sampleType(bits, format);
  if (dtype === undefined) {
    throw new SwathError('Unsupported', `${name}: ${bits}-bit samples of SampleFormat ${format}`);
  }
  if (bits === 24 && !file.littleEndian) {
    throw new SwathError('Unsupported', `${name}: 24-bit samples in a big-endian file`);
  }
  const planarCode = await tagInteger(file, ifd, 'PlanarConfiguration', 1);
  if (planarCode !== 1 && planarCode !== 2) {
    throw corrupt(name, `PlanarConfiguration is ${planarCode}, it must be 1 or 2`);
  }
  const planar = planarCode === 2 && samples > 1 ? 'separate' : 'chunky';
  const blockSamples = planar === 'separate' ? 1 : samples;

  const has = (tag: TagName): boolean => ifd.entries.has(TAG[tag]);
  for (const [strips, tiles] of [
    ['StripOffsets', 'TileOffsets'],
    ['StripByteCounts', 'TileByteCounts'],
  ] as const) {
    if (has(strips) && has(tiles)) throw corrupt(name, `there are ${strips} and ${tiles}`);
  }
  const tiled = has('TileWidth') || has('TileLength') || has('TileOffsets') || has('TileByteCounts');
  const blockWidth = tiled ? await required(file, ifd, 'TileWidth') : width;
  const rows = tiled
    ? await required(file, ifd, 'TileLength')
    : await tagInteger(file, ifd, 'RowsPerStrip', height);
  if (rows === 0) throw corrupt(name, 'RowsPerStrip is 0');
  const compression = await tagInteger(file, ifd, 'Compression', 1);
  const rowBytes = Math.ceil((blockWidth * bits * blockSamples) / 8);
  const choppedRows = Math.max(1, Math.floor(CHOPPED_STRIP_BYTES / rowBytes));
  const chopped =
    !tiled && compression === 1 && planarCode === 1 && rows >= height && choppedRows < Math.min(rows, height);
  const blockHeight = tiled ? rows : chopped ? choppedRows : Math.min(rows, height);
  const blockBytes = rowBytes * blockHeight;
  if (blockBytes > MAX_BLOCK_BYTES) {
    over(`a block of ${blockWidth} x ${blockHeight} pixels, in bytes,`, blockBytes, MAX_BLOCK_BYTES);
  }
  const across = Math.ceil(width / blockWidth);
  const down = Math.ceil(height / blockHeight);
  const blocks = across * down * (planar === 'separate' ? samples : 1);
  if (blocks > MAX_BLOCKS) over('the number of blocks', blocks, MAX_BLOCKS);

  const predictor = withPredictor.has(compression) ? await tagInteger(file, ifd, 'Predictor', 1) : 1;
  checkPredictor(name, predictor, bits, format);
  const photometric = await tagInteger(file, ifd, 'PhotometricInterpretation', 1);
  const extraSamples = [...((await tagIntegers(file, ifd, 'ExtraSamples', MAX_SAMPLES_PER_PIXEL)) ?? [])];
  // Colours of the ink set CMYK (1); none for any other set, whose conversion nobody defines.
  const inks =
    (await tagInteger(file, ifd, 'InkSet', 1)) === 1 ? Math.min(4, samples - extraSamples.length) : 0;
  checkColour(name, { photometric, compression, bits, inks });
  return {
    width,
    height,
    blockWidth,
    blockHeight,
    tiled,
    chopped,
    across,
    down,
    samples,
    planar,
    blockSamples,
    bits,
    format,
    dtype,
    rowBytes,
    blockBytes,
    compression,
    predictor,
    mirrored: (await tagInteger(file, ifd, 'FillOrder', 1)) === 2,
    photometric,
    extraSamples,
    subfileType: await tagInteger(file, ifd, 'NewSubfileType', 0),
    jpegTables:
      compression === 7 ? await tagBytes(file, ifd, 'JPEGTables', MAX_JPEG_TABLES_BYTES) : undefined,
    lercAdded: compression === 34887 ? ((await tagIntegers(file, ifd, 'LercParameters', 8))?.[1] ?? 0) : 0,
  };
}

function checkPredictor(name: string, predictor: number, bits: number, format: number): void {
  if (predictor === 1) return;
  const fits =
    predictor === 2
      ? wholeSample.has(bits) && format < 5
      : format === 3 && (bits === 16 || bits === 32 || bits === 64);
  if (predictor > 3 || predictor === 0)
    throw corrupt(name, `Predictor is ${predictor}, it must be 1, 2 or 3`);
  if (!fits) {
    throw new SwathError(
      'Unsupported',
      `${name}: predictor ${predictor} with ${bits}-bit samples of SampleFormat ${format}`,
    );
  }
}

/**
 * Colour spaces whose stored numbers are not the bands a reader expects: YCbCr (6) outside JPEG is subsampled, 5 is
 * CMYK (converted at 8 bits, see cmyk.ts), 8 to 10 are Lab, 32844 and 32845 LogLuv.
 */
function checkColour(
  name: string,
  {
    photometric,
    compression,
    bits,
    inks,
  }: {
    readonly photometric: number;
    readonly compression: number;
    readonly bits: number;
    readonly inks: number;
  },
): void {
  const isYcbcr = photometric === 6 && compression !== 7 && compression !== 6 && compression !== 50001;
  const isJpegOrWebp = compression === 7 || compression === 50001;
  const isCmyk = photometric === 5 && bits === 8 && (inks !== 4 || isJpegOrWebp);
  const isLab = photometric >= 8 && photometric <= 10;
  if (isYcbcr || isCmyk || isLab || photometric === 32844 || photometric === 32845) {
    throw new SwathError(
      'Unsupported',
      `${name}: colour space ${photometric} (PhotometricInterpretation) with ${compressionName(compression)} compression`,
    );
  }
}

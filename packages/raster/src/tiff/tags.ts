/** TIFF 6.0, TIFF technote 3, BigTIFF and GeoTIFF tags that we read. */
export const TAG = {
  NewSubfileType: 254,
  ImageWidth: 256,
  ImageLength: 257,
  BitsPerSample: 258,
  Compression: 259,
  PhotometricInterpretation: 262,
  FillOrder: 266,
  StripOffsets: 273,
  SamplesPerPixel: 277,
  RowsPerStrip: 278,
  StripByteCounts: 279,
  PlanarConfiguration: 284,
  Predictor: 317,
  TileWidth: 322,
  TileLength: 323,
  TileOffsets: 324,
  TileByteCounts: 325,
  InkSet: 332,
  ExtraSamples: 338,
  SampleFormat: 339,
  JPEGTables: 347,
  YCbCrSubSampling: 530,
  ModelPixelScale: 33550,
  ModelTiepoint: 33922,
  ModelTransformation: 34264,
  GeoKeyDirectory: 34735,
  GeoDoubleParams: 34736,
  GeoAsciiParams: 34737,
  GDAL_METADATA: 42112,
  GDAL_NODATA: 42113,
  LercParameters: 50674,
} as const;

export type TagName = keyof typeof TAG;

/** Bytes of one value by field type (TIFF 6.0 section 2; 13 technote 1; 16 to 18 BigTIFF). 0: unknown type. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

export function fieldTypeBytes(type: number): number {
  return typeBytes[type] ?? 0;
}

export const FIELD = { Ascii: 2, Float: 11, Double: 12 } as const;

/** Names of Compression codes; the words of `RasterInfo.compression` where we decode it. */
const compressionNames: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'ccitt-rle',
  3: 'ccitt-fax3',
  4: 'ccitt-fax4',
  5: 'lzw',
  6: 'old-style jpeg',
  7: 'jpeg',
  8: 'deflate',
  32766: 'next',
  32771: 'ccitt-rlew',
  32773: 'packbits',
  32809: 'thunderscan',
  32908: 'pixarfilm',
  32909: 'pixarlog',
  32946: 'deflate',
  34661: 'jbig',
  34676: 'sgilog',
  34677: 'sgilog24',
  34712: 'jp2k',
  34887: 'lerc',
  34925: 'lzma',
  50000: 'zstd',
  50001: 'webp',
  50002: 'jpeg-xl',
};

export function compressionName(code: number): string {
  return compressionNames[code] ?? `code ${code}`;
}

/** Why a file is not taken, and what to do: a closed list. */
export const refusals = {
  NOT_A_TIFF: 'Upload a GeoTIFF: gdal_translate -of COG INPUT OUTPUT.tif makes one of nearly everything.',
  SIZE_MISMATCH: 'Upload it again, with the size that the file has.',
  CHECKSUM_MISMATCH:
    'The bytes changed on their way, or the sha256 is of another file: upload it again with its own.',
  CORRUPT: 'Write it anew from its source, such as gdal_translate -of COG INPUT OUTPUT.tif, and upload that.',
  UNSUPPORTED: 'Rewrite it with a common type and compression: gdal_translate -of COG -co COMPRESS=DEFLATE.',
  TOO_LARGE: 'Cut it into smaller files, such as with gdal_translate -srcwin, and upload those.',
  NO_GEOREFERENCE:
    'Give it a CRS and a geotransform: gdal_translate -a_srs EPSG:... -a_ullr ...; ground control points need gdalwarp.',
  BAD_GEOREFERENCE:
    'Check its CRS and corners with gdalinfo, and set them with gdal_translate -a_srs -a_ullr.',
  BANDS_MISMATCH: 'Name the bands that the file has, in its order.',
  BAD_NODATA: 'Give the number that marks missing pixels, one that the type of the file can hold.',
  NO_VALID_PIXELS: 'Check the nodata value: with it, nothing of the file is left.',
  CHECK_TOO_LONG: 'Cut it into smaller files, or rewrite it with larger blocks: gdal_translate -of COG.',
  CHECK_FAILED: 'Rewrite it with gdal_translate -of COG and upload that; if that fails too, report it.',
} as const;

export type RefusalReason = keyof typeof refusals;

/** Why a file is refused. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

export const isRefusalReason = (word: string): word is RefusalReason => Object.hasOwn(refusals, word);

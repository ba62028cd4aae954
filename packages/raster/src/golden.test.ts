import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSwathError } from '@swath/core';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sharedPath } from '../../../test/support/shared.ts';
import { type RasterInfoJson, rasterInfo } from './info.ts';
import { imageOpener } from './opener.ts';

const indexPath = sharedPath('data/03-imagery/imagery-index.json');
if (indexPath === undefined) console.warn('skipped: no shared data');

const indexSchema = z.object({
  images: z.array(
    z.object({
      file: z.string(),
      width: z.number(),
      height: z.number(),
      bands: z.number(),
      dtype: z.array(z.string()),
      crs: z.string().optional(),
      geotransform: z.array(z.number()).nullish(),
      nodata: z.string(),
      block: z.array(z.number()),
      overviews: z.array(z.array(z.number())),
      decoding_may_vary: z.boolean().optional(),
      band_truth: z
        .array(
          z.object({
            min: z.number().nullable(),
            max: z.number().nullable(),
            mean: z.number().nullable(),
            sha256_le_pixels_first32: z.string(),
          }),
        )
        .default([]),
    }),
  ),
  broken: z.array(z.object({ file: z.string(), gdal_verdict: z.string() })),
});
type Truth = z.infer<typeof indexSchema>['images'][number];

const index =
  indexPath === undefined
    ? { images: [], broken: [] }
    : indexSchema.parse(JSON.parse(readFileSync(indexPath, 'utf8')));
const open = imageOpener({ files: true });
afterAll(() => open.close());

const below = (folder: string): Truth[] =>
  index.images.filter((image) => image.file.startsWith(`03-imagery/${folder}/`));
const pathOf = (file: string): string => sharedPath('data', file) ?? file;

/** GDAL's type names; GDAL 3.6 has no Int8 (it says Byte) and widens float16. */
const gdalType: Readonly<Record<string, string>> = {
  uint8: 'Byte',
  int8: 'Byte',
  uint16: 'UInt16',
  int16: 'Int16',
  uint32: 'UInt32',
  int32: 'Int32',
  uint64: 'UInt64',
  int64: 'Int64',
  float16: 'Float32',
  float32: 'Float32',
  float64: 'Float64',
  cint16: 'CInt16',
  complex64: 'CFloat32',
  complex128: 'CFloat64',
};

function headerFacts(info: RasterInfoJson): unknown {
  const { width, height, bands, dtype, geotransform, nodata, block } = info;
  return { width, height, bands, dtype: gdalType[dtype], geotransform, nodata, block };
}

function headerTruth(truth: Truth): unknown {
  const { width, height, bands, block } = truth;
  const nodata = truth.nodata === 'None' ? null : truth.nodata === 'nan' ? 'nan' : Number(truth.nodata);
  return {
    width,
    height,
    bands,
    dtype: truth.dtype[0],
    geotransform: truth.geotransform ?? null,
    nodata,
    block,
  };
}

/** Bands (1-based) whose pixels differ from GDAL's. The index holds the truth of some bands of long stacks. */
function wrongBands(info: RasterInfoJson, truth: Truth): number[] {
  const wrong: number[] = [];
  for (const [at, band] of truth.band_truth.entries()) {
    const ours = info.checksums?.[at];
    if (ours?.sha256.slice(0, 32) !== band.sha256_le_pixels_first32) wrong.push(at + 1);
  }
  return wrong;
}

const published = readFileSync(join(import.meta.dirname, '../../../docs/tiff-support.md'), 'utf8');

/** Hundreds of files are read whole: 20 s where nothing else runs. */
const LONG_MS = 300_000;

describe.skipIf(indexPath === undefined)('rasters against GDAL 3.6.2', { timeout: LONG_MS }, () => {
  it('all 265 scenes have the size, type, CRS, geotransform, nodata, block and pixels that GDAL says', async () => {
    const scenes = below('scenes');
    expect(scenes).toHaveLength(265);
    const wrong: string[] = [];
    for (const truth of scenes) {
      const info = await rasterInfo(pathOf(truth.file), open, { checksum: true });
      expect(headerFacts(info), truth.file).toEqual(headerTruth(truth));
      if (truth.crs?.startsWith('EPSG:')) expect(info.crs, truth.file).toBe(truth.crs);
      for (const [at, band] of truth.band_truth.entries()) {
        const ours = info.checksums?.[at];
        expect([ours?.min, ours?.max], truth.file).toEqual([band.min, band.max]);
        const scale = Math.max(Math.abs(band.mean ?? 0), 1);
        expect(Math.abs((ours?.mean ?? Number.NaN) - (band.mean ?? 0)) / scale, truth.file).toBeLessThan(
          1e-9,
        );
      }
      if (wrongBands(info, truth).length > 0) wrong.push(truth.file);
    }
    expect(wrong).toEqual([]);
    const equal = scenes.length - wrong.length;
    expect(published).toContain(`| scenes | ${scenes.length} | ${equal} | 0 | ${wrong.length} |`);
  });

  it('every layout has the pixels of GDAL or is refused by name', async () => {
    const counts = { equal: 0, refused: 0, 'lossy and different': 0, 'header only': 0 };
    const wrong: string[] = [];
    const refused: string[] = [];
    for (const truth of [...below('layouts'), ...below('derived-layouts')]) {
      const name = truth.file.replace(/^03-imagery\//, '');
      const checksum = truth.band_truth.length > 0;
      try {
        const info = await rasterInfo(pathOf(truth.file), open, { checksum });
        const isJp2 = name.endsWith('.jp2');
        // JP2: GDAL's block is a choice of its driver; ours is the codestream's tile.
        const strip = (facts: unknown): unknown => (isJp2 ? { ...Object(facts), block: null } : facts);
        expect(strip(headerFacts(info)), name).toEqual(strip(headerTruth(truth)));
        if (!isJp2) expect(info.overviews, name).toEqual(truth.overviews);
        if (truth.crs?.startsWith('EPSG:')) expect(info.crs, name).toBe(truth.crs);
        if (!checksum) counts['header only']++;
        else if (wrongBands(info, truth).length === 0) counts.equal++;
        else if (truth.decoding_may_vary) counts['lossy and different']++;
        else wrong.push(name);
      } catch (error) {
        if (!isSwathError(error, 'Unsupported')) throw error;
        refused.push(error.message.replace(/^.*?\.tiff?: (block \d+: )?/, ''));
        counts.refused++;
      }
    }
    console.log('layouts:', JSON.stringify(counts));
    expect(wrong).toEqual([]);
    // sentinelhub-py--img-16bit.jp2: the index holds another decoder's answer; GDAL 3.6.2's own whole read equals ours.
    expect(counts).toEqual({ equal: 301, refused: 22, 'lossy and different': 1, 'header only': 3 });
    expect(published).toContain(
      `| layouts and derived layouts | ${Object.values(counts).reduce((sum, count) => sum + count)} | ${counts.equal} | ${counts.refused} | ${wrong.length} |`,
    );
    expect(Object.keys(Object.groupBy(refused, (reason) => reason)).sort()).toEqual([
      'ccitt-fax3 compression',
      'ccitt-fax4 compression',
      'colour space 32845 (PhotometricInterpretation) with sgilog compression',
      'colour space 32845 (PhotometricInterpretation) with sgilog24 compression',
      'colour space 6 (PhotometricInterpretation) with lzw compression',
      'lzma compression',
      'old-style jpeg compression',
      'reading cint16 samples',
      'reading complex128 samples',
      'reading complex64 samples',
    ]);
  });

  it('every broken file ends in a typed error, or reads where GDAL reads', async () => {
    const readable: string[] = [];
    for (const { file, gdal_verdict } of index.broken) {
      try {
        await rasterInfo(pathOf(file), open, { checksum: true });
        readable.push(`${file.replace(/^.*\//, '')}: ${gdal_verdict.slice(0, 15)}`);
      } catch (error) {
        expect(isSwathError(error), `${file}: ${String(error)}`).toBe(true);
        if (isSwathError(error)) {
          expect(['Corrupt', 'LimitExceeded', 'Unsupported'], `${file}: ${error.message}`).toContain(
            error.code,
          );
        }
      }
    }
    expect(index.broken).toHaveLength(112);
    // The second one: GDAL stumbles over a SubIFD that is not part of the image.
    expect(readable).toEqual([
      'child_ifd.tiff: opens and reads',
      'child_ifd_jpeg.tiff: opens, reading ',
      'hopper_unknown_pixel_mode.tif: opens and reads',
      'invalid_header_length.jp2: opens and reads',
      'tiff_wrong_bits_per_sample.tiff: opens and reads',
      'tiff_wrong_bits_per_sample_3.tiff: opens and reads',
      'id_000019_sig_06_src_000001_op_havoc_rep_8.tif: opens and reads',
      'id_000026_sig_06_src_000012_op_havoc_rep_2.tif: opens and reads',
    ]);
  });

  /** What GDAL 3.6.2 exports with ExportToProj4. */
  it.each([
    [
      'scenes/modis-myd13a1-h30v10/MYD13A1.A2020153.h30v10.006.2020170024036_NDVI_B01.TIF',
      '+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs',
    ],
    [
      'scenes/modis-ndvi-timeseries-012010/TERRA_MODIS_012010_NDVI_2013-09-14.jp2',
      '+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs',
    ],
    [
      'scenes/other/nt_20201024_f18_nrt_s.tif',
      '+proj=stere +lat_0=-90 +lat_ts=-70 +lon_0=0 +x_0=0 +y_0=0 +a=6378273 +rf=298.279411123064 +units=m +no_defs',
    ],
    [
      'scenes/other/GeogToWGS84GeoKey5.tif',
      '+proj=longlat +ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7 +no_defs',
    ],
    [
      'layouts/geotrellis--econic.tif',
      '+proj=eqdc +lat_0=33.7644620277778 +lon_0=-117.474542888889 +lat_1=33.9036340277778 +lat_2=33.6252900277778 +x_0=0 +y_0=0 +datum=NAD27 +units=m +no_defs',
    ],
    ['layouts/rasterio--RGB2.byte.tif', '+proj=utm +zone=18 +ellps=WGS84 +units=m +no_defs'],
    [
      'layouts/rasterio--float_raster_with_nodata.tif',
      '+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs',
    ],
    [
      'layouts/rio-cogeo--image_colormap.tif',
      '+proj=laea +lat_0=45 +lon_0=-100 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
    ],
    ['layouts/rio-tiler--cog_scale.tif', '+proj=utm +zone=52 +ellps=WGS84 +units=m +no_defs'],
    [
      'layouts/rio-tiler--cog_hirise_mars.tif',
      '+proj=eqc +lat_ts=-10 +lat_0=0 +lon_0=180 +x_0=0 +y_0=0 +R=3395582.0270805 +units=m +no_defs',
    ],
    [
      'layouts/rio-tiler--cog_nonearth.tif',
      '+proj=eqc +lat_ts=0 +lat_0=0 +lon_0=180 +x_0=0 +y_0=0 +R=1560800 +units=m +no_defs',
    ],
  ])('the CRS of %s is the PROJ string that GDAL exports', async (file, expected) => {
    const image = await open(pathOf(`03-imagery/${file}`));
    await image.close();
    /** Order does not matter in PROJ, nor digits past the twelfth. */
    const terms = (proj: string): string[] =>
      proj
        .split(' ')
        .map((term) =>
          term.replace(/=(-?[\d.]+)$/, (_, number: string) => `=${Number(number).toPrecision(12)}`),
        )
        .sort();
    expect(terms(image.info.crs ?? '')).toEqual(terms(expected));
  });

  it('a compound CRS gives its horizontal part, and a file with ground control points only has no geotransform', async () => {
    const compound = await open(pathOf('03-imagery/derived-layouts/geo-compound-vertical.tif'));
    expect(compound.info.crs).toBe('EPSG:25832');
    const gcps = await open(pathOf('03-imagery/derived-layouts/geo-gcps.tif'));
    expect(gcps.info.geotransform).toBeNull();
    await Promise.all([compound.close(), gcps.close()]);
  });

  it('scale and offset of GDAL_METADATA are read', async () => {
    const image = await open(pathOf('03-imagery/layouts/rio-tiler--cog_scale.tif'));
    expect(image.info.bands[0]).toMatchObject({ scale: 0.0001, offset: 1000 });
    await image.close();
  });

  it.each(['mask-internal.tif', 'mask-external.tif'])('%s gives its mask as validity', async (file) => {
    const image = await open(pathOf(`03-imagery/derived-layouts/${file}`));
    const { width, height } = image.info;
    const window = { x: 0, y: 0, width, height };
    const { valid } = await image.readWindow({ band: 1, level: 0, window });
    await image.close();
    // GDAL: the mask of both files drops the pixels that are 0 in the source.
    const source = await open(pathOf('03-imagery/derived-layouts/_source-lsat.tif'));
    const { data } = await source.readWindow({ band: 1, level: 0, window });
    await source.close();
    expect(valid?.length).toBe(width * height);
    const expected = new Uint8Array(data.length);
    for (let at = 0; at < data.length; at++) expected[at] = Number(data[at]) === 0 ? 0 : 1;
    expect(Buffer.from(valid ?? []).equals(expected)).toBe(true);
  });
});

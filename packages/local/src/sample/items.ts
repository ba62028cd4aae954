import { type Geotransform, type Grid, gridFootprintWgs84 } from '@swath/geo';
import type { SampleDate, SampleScene } from './scene.ts';
import { sampleBands } from './spectra.ts';

export const sampleCollectionId = 'sample-s2-l2a';

/** 11 km x 11 km of invented farmland, placed in UTM zone 32 north. */
export const sampleSize = 1100;
const origin = { x: 600_000, y: 5_412_000 } as const;

/** The sample's grid at 10 m or 20 m. */
export function sampleGrid(resolutionM: number): Grid {
  const geotransform: Geotransform = [origin.x, resolutionM, 0, origin.y, 0, -resolutionM];
  const size = (sampleSize * 10) / resolutionM;
  return { crs: 'EPSG:32632', geotransform, width: size, height: size };
}

export function sampleItemId(date: string): string {
  return `SAMPLE_32UPV_${date.replaceAll('-', '')}_L2A`;
}

const cogType = 'image/tiff; application=geotiff; profile=cloud-optimized';

function projFields(resolutionM: number): Record<string, unknown> {
  const { geotransform: g, width, height } = sampleGrid(resolutionM);
  return { 'proj:shape': [height, width], 'proj:transform': [g[1], g[2], g[0], g[4], g[5], g[3]] };
}

/**
 * The STAC Item of one acquisition, laid out as Earth Search does for Sentinel-2: the stated offset of -0.1 is already
 * applied to the pixels, and the Item says so.
 */
export function sampleItem(
  when: SampleDate,
  scene: Pick<SampleScene, 'cloudCoverPercent' | 'nodataPercent'>,
): object {
  const { geometry, bbox } = gridFootprintWgs84(sampleGrid(10));
  const id = sampleItemId(when.date);
  const assets: Record<string, unknown> = {};
  for (const band of sampleBands) {
    assets[band.key] = {
      href: `./${band.id}.tif`,
      type: cogType,
      title: `${band.title} (${band.id}), ${band.resolutionM} m`,
      roles: ['data', 'reflectance'],
      gsd: band.resolutionM,
      'eo:bands': [{ name: band.id, common_name: band.key, center_wavelength: band.wavelengthUm }],
      'raster:bands': [
        { nodata: 0, data_type: 'uint16', spatial_resolution: band.resolutionM, scale: 0.0001, offset: -0.1 },
      ],
      ...projFields(band.resolutionM),
    };
  }
  assets['scl'] = {
    href: './SCL.tif',
    type: cogType,
    title: 'Scene classification (SCL), 20 m',
    roles: ['data'],
    gsd: 20,
    'raster:bands': [{ nodata: 0, data_type: 'uint8', spatial_resolution: 20 }],
    ...projFields(20),
  };
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: [
      'https://stac-extensions.github.io/eo/v1.1.0/schema.json',
      'https://stac-extensions.github.io/projection/v1.1.0/schema.json',
      'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
    ],
    id,
    collection: sampleCollectionId,
    geometry,
    bbox,
    properties: {
      title: `Sample scene of ${when.date}, synthetic`,
      datetime: `${when.date}T10:26:31Z`,
      created: '2024-12-01T00:00:00Z',
      updated: '2024-12-01T00:00:00Z',
      platform: 'sentinel-2-sample',
      constellation: 'sentinel-2',
      instruments: ['msi'],
      gsd: 10,
      'eo:cloud_cover': scene.cloudCoverPercent,
      'proj:epsg': 32632,
      's2:processing_baseline': '05.10',
      's2:nodata_pixel_percentage': scene.nodataPercent,
      'earthsearch:boa_offset_applied': true,
    },
    links: [
      { rel: 'self', href: `./${id}.json`, type: 'application/geo+json' },
      { rel: 'collection', href: '../collection.json', type: 'application/json' },
    ],
    assets,
  };
}

export function sampleCollection(dates: readonly SampleDate[]): object {
  const { bbox } = gridFootprintWgs84(sampleGrid(10));
  const first = dates[0]?.date;
  const last = dates.at(-1)?.date;
  return {
    type: 'Collection',
    stac_version: '1.0.0',
    id: sampleCollectionId,
    title: 'Sample valley (synthetic, laid out as Sentinel-2 L2A)',
    description:
      'Invented farmland with a river, a lake, woods and a town over one growing season: 10 m and 20 m bands, scene classification, clouds, shadows and the edge of a swath. Made on this machine; no satellite saw it.',
    license: 'Apache-2.0',
    extent: {
      spatial: { bbox: [bbox] },
      temporal: { interval: [[`${first}T10:26:31Z`, `${last}T10:26:31Z`]] },
    },
    links: [],
    item_assets: Object.fromEntries([
      ...sampleBands.map((band) => [
        band.key,
        { type: cogType, roles: ['data'], 'eo:bands': [{ name: band.id, common_name: band.key }] },
      ]),
      ['scl', { type: cogType, roles: ['data'] }],
    ]),
  };
}

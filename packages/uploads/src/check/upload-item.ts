import { sha256Multihash } from '@swath/stac';
import type { UploadRow } from '../rows.ts';
import type { FileFacts } from './inspect.ts';
import type { Moments } from './moments.ts';

/** Projection 1.2.0 knows both `proj:epsg` and `proj:code`. */
const extensions = [
  'https://stac-extensions.github.io/eo/v1.1.0/schema.json',
  'https://stac-extensions.github.io/file/v2.1.0/schema.json',
  'https://stac-extensions.github.io/projection/v1.2.0/schema.json',
  'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
] as const;

/** The names that the eo extension 1.1.0 has for what sensors see. */
const commonNames = new Set(
  'coastal blue green yellow red rededge rededge071 rededge075 rededge078 nir nir08 nir09 cirrus pan swir16 swir22 lwir lwir11 lwir12'.split(
    ' ',
  ),
);

/** How pixels become values: as the upload says, else as the file does. Always stated, so that nothing is assumed. */
export function scalesOf({ spec }: Pick<UploadRow, 'spec'>, { info }: Pick<FileFacts, 'info'>) {
  return info.bands.map((band) => ({ scale: spec.scale ?? band.scale, offset: spec.offset ?? band.offset }));
}

/** The STAC Item of a file that is taken. The href of its asset is beside the Item. */
export function uploadItem(
  row: UploadRow,
  facts: FileFacts,
  registeredAt: string,
): Readonly<Record<string, unknown>> {
  const { spec } = row;
  const { grid, footprint, info } = facts;
  const code = /^EPSG:(\d+)$/.exec(grid.crs)?.[1];
  const shape = {
    'proj:code': code === undefined ? null : grid.crs,
    'proj:epsg': code === undefined ? null : Number(code),
    'proj:shape': [grid.height, grid.width],
    'proj:transform': [1, 2, 0, 4, 5, 3].map((at) => grid.geotransform[at]),
  };
  const [full] = info.levels;
  const isCloudOptimised = full !== undefined && info.levels.length > 1 && full.blockWidth < full.width;
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: [...extensions],
    id: row.itemId,
    collection: spec.collection,
    geometry: footprint.geometry,
    bbox: [...footprint.bbox],
    properties: {
      datetime: spec.datetime,
      created: registeredAt,
      updated: registeredAt,
      title: spec.title ?? spec.fileName,
      ...shape,
      'swath:upload': row.id,
    },
    links: [],
    assets: {
      data: {
        href: `./${row.keptKey.slice(row.keptKey.lastIndexOf('/') + 1)}`,
        type: `image/tiff; application=geotiff${isCloudOptimised ? '; profile=cloud-optimized' : ''}`,
        title: spec.fileName,
        roles: ['data'],
        'file:size': facts.sizeBytes,
        'file:checksum': sha256Multihash(facts.sha256),
        ...shape,
        ...bandFields(row, facts),
      },
    },
  };
}

/** One band three times, for three generations of clients, as `bandFields` of results has them. */
function bandFields(row: UploadRow, facts: FileFacts) {
  const scales = scalesOf(row, facts);
  const pixels = facts.grid.width * facts.grid.height;
  const bands = facts.info.bands.map((band, at) => {
    const named = row.spec.bands?.[at];
    const name = named?.name ?? `b${at + 1}`;
    const description = named?.description ?? band.description;
    const common = name.toLowerCase();
    return {
      name,
      ...(commonNames.has(common) ? { common } : {}),
      ...(description === undefined || description === '' ? {} : { description: description.slice(0, 200) }),
      values: {
        data_type: facts.info.dtype,
        ...(facts.nodata === null ? {} : { nodata: facts.nodata }),
        ...(named?.unit === undefined ? {} : { unit: named.unit }),
        statistics: statisticsOf(facts.moments[at], pixels),
      },
      ...(scales[at] ?? { scale: 1, offset: 0 }),
    };
  });
  return {
    bands: bands.map(({ name, common, description, values, scale, offset }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      ...(common === undefined ? {} : { 'eo:common_name': common }),
      ...values,
      'raster:scale': scale,
      'raster:offset': offset,
    })),
    'eo:bands': bands.map(({ name, common, description }) => ({
      name,
      ...(common === undefined ? {} : { common_name: common }),
      ...(description === undefined ? {} : { description }),
    })),
    'raster:bands': bands.map(({ values, scale, offset }) => ({ ...values, scale, offset })),
  };
}

function statisticsOf(moments: Moments | undefined, pixels: number) {
  if (moments === undefined || moments.count === 0) return { valid_percent: 0 };
  const { count, min, max, mean, m2 } = moments;
  // JSON knows no infinities, which float files may hold.
  const finite = Object.entries({ minimum: min, maximum: max, mean, stddev: Math.sqrt(m2 / count) });
  return {
    ...Object.fromEntries(finite.filter(([, value]) => Number.isFinite(value))),
    valid_percent: (100 * count) / pixels,
  };
}

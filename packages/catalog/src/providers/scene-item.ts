import { pathToFileURL } from 'node:url';
import { isLocalHref, type Scene, type SceneAsset } from '@swath/stac';
import type { Entry, JsonObject } from '../store/types.ts';

/** Asset type where the provider's Item does not say: pixels in Swath are GeoTIFFs unless they say otherwise. */
const geotiff = 'image/tiff; application=geotiff';

/** A provider's scene as an Item of the catalogue; undefined without a date, which STAC must have. */
export function sceneEntry(scene: Scene, collection: string): Entry | undefined {
  if (scene.datetime === null) return undefined;
  const at = Date.parse(scene.datetime);
  return { collection, id: scene.id, item: sceneItem(scene, collection), startMs: at, endMs: at };
}

function sceneItem(scene: Scene, collection: string): JsonObject {
  const { itemHref, platform, constellation, instruments, cloudCoverPercent } = scene;
  const box = bboxOf(scene);
  const codes = new Set(scene.assets.flatMap(({ grid }) => grid?.crs ?? []));
  const [crs] = codes;
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: [
      'https://stac-extensions.github.io/eo/v1.1.0/schema.json',
      'https://stac-extensions.github.io/projection/v1.2.0/schema.json',
      'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
    ],
    id: scene.id,
    collection,
    geometry: scene.geometry,
    ...(box === undefined || scene.geometry === null ? {} : { bbox: box }),
    properties: {
      datetime: scene.datetime,
      ...(platform === undefined ? {} : { platform }),
      ...(constellation === undefined ? {} : { constellation }),
      ...(instruments === undefined ? {} : { instruments }),
      ...(cloudCoverPercent === undefined ? {} : { 'eo:cloud_cover': cloudCoverPercent }),
      ...(codes.size === 1 && crs !== undefined ? projection(crs) : {}),
      'swath:provider': scene.provider,
      'swath:version': scene.version,
    },
    links:
      itemHref === undefined
        ? []
        : [{ rel: 'canonical', href: asUrl(itemHref), type: 'application/geo+json' }],
    assets: assetsOf(scene.assets),
  };
}

const asUrl = (href: string): string =>
  isLocalHref(href) && href.startsWith('/') ? pathToFileURL(href).href : href;

/** RFC 7946: west > east where there is a box on each side of the antimeridian. */
function bboxOf({ bboxes }: Scene): readonly number[] | undefined {
  const [first, second] = bboxes;
  if (first === undefined || second === undefined) return first;
  return [first[0], Math.min(first[1], second[1]), second[2], Math.max(first[3], second[3])];
}

function projection(crs: string): JsonObject {
  const code = /^EPSG:(\d+)$/.exec(crs)?.[1];
  return {
    'proj:code': code === undefined ? null : crs,
    'proj:epsg': code === undefined ? null : Number(code),
  };
}

/** Assets of one key are bands of one file. */
function assetsOf(assets: readonly SceneAsset[]): JsonObject {
  const byKey = new Map<string, SceneAsset[]>();
  for (const asset of assets) byKey.set(asset.key, [...(byKey.get(asset.key) ?? []), asset]);
  return Object.fromEntries([...byKey].map(([key, bands]) => [key, assetOf(key, bands)]));
}

function assetOf(key: string, bands: readonly SceneAsset[]): JsonObject {
  const [first] = bands;
  if (first === undefined) return {};
  const { href, mediaType, roles, gsdM, sizeBytes, checksum, grid } = first;
  return {
    href: asUrl(href),
    type: mediaType ?? geotiff,
    roles: roles.length === 0 ? ['data'] : [...roles],
    ...(gsdM === undefined ? {} : { gsd: gsdM }),
    ...(sizeBytes === undefined ? {} : { 'file:size': sizeBytes }),
    ...(checksum === undefined ? {} : { 'file:checksum': checksum }),
    ...(grid === undefined
      ? {}
      : {
          ...projection(grid.crs),
          'proj:shape': [grid.height, grid.width],
          'proj:transform': [1, 2, 0, 4, 5, 3].map((at) => grid.geotransform[at]),
        }),
    'eo:bands': bands.map(({ names }) => ({ name: names[0] ?? key })),
    ...rasterBands(bands),
  };
}

/** The extension allows no band without a word about it. */
function rasterBands(bands: readonly SceneAsset[]): JsonObject {
  const told = bands.map(rasterBand);
  return told.every((band) => Object.keys(band).length > 0) ? { 'raster:bands': told } : {};
}

function rasterBand({ nodata, scale, offset, unit }: SceneAsset): JsonObject {
  return {
    ...(nodata === undefined ? {} : { nodata }),
    ...(scale === undefined ? {} : { scale }),
    ...(offset === undefined ? {} : { offset }),
    ...(unit === undefined ? {} : { unit }),
  };
}

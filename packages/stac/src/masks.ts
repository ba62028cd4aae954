import { findBand, isPreview } from './find-band.ts';
import type { Scene, SceneAsset } from './scene.ts';
import { sensorOf } from './sensor.ts';

/** Pixels to drop: those whose value is one of `classes`, or that have any of `bits` (0 = lowest) set. */
export type MaskRule = { readonly classes: readonly number[] } | { readonly bits: readonly number[] };

export interface SceneMask {
  readonly asset: SceneAsset;
  readonly rule: MaskRule;
}

/**
 * Sentinel-2 scene classification (Sen2Cor): 0 no data, 1 saturated or defective, 3 cloud shadow, 8 and 9 cloud of
 * medium and high probability, 10 thin cirrus. Kept: 2 (dark areas, mostly terrain shadow), 7 (unclassified, mostly
 * haze-free ground), and 11 (snow or ice): snow is ground truth of the date, not an obstacle before it, and Sen2Cor
 * takes bright sand and roofs for snow. Whoever wants it gone names the classes.
 */
const sclClouds: readonly number[] = [0, 1, 3, 8, 9, 10];

/** Landsat Collection 2 QA_PIXEL (LSDS-1619): 0 fill, 1 dilated cloud, 2 cirrus, 3 cloud, 4 cloud shadow. */
const landsatClouds: readonly number[] = [0, 1, 2, 3, 4];

/** HLS v2 Fmask (user guide, table 9): 1 cloud, 2 adjacent to cloud or shadow, 3 cloud shadow. Fill is 255: all set. */
const hlsClouds: readonly number[] = [1, 2, 3];

/** Geoscience Australia's `oa_fmask` is classes, not bits: 0 no data, 2 cloud, 3 cloud shadow. */
const gaClouds: readonly number[] = [0, 2, 3];

/** What `mask: "clouds"` means for a scene; undefined when it has no quality band whose meaning is known. */
export function defaultMask(scene: Scene, _kind: 'clouds'): SceneMask | undefined {
  const scl = findBand(scene, 'scl');
  if (scl !== undefined) return { asset: scl, rule: { classes: sclClouds } };
  const qaPixel = qaPixelOf(scene);
  if (qaPixel !== undefined) return { asset: qaPixel, rule: { bits: landsatClouds } };
  const ga = findBand(scene, 'oa_fmask');
  if (ga !== undefined) return { asset: ga, rule: { classes: gaClouds } };
  const fmask = findBand(scene, 'fmask');
  return fmask !== undefined && sensorOf(scene) === 'hls'
    ? { asset: fmask, rule: { bits: hlsClouds } }
    : undefined;
}

/** The scene's own quality band, for masks whose classes or bits the request names without a band. */
export function maskBand(scene: Scene): SceneAsset | undefined {
  return (
    findBand(scene, 'scl') ??
    qaPixelOf(scene) ??
    findBand(scene, 'fmask') ??
    findBand(scene, 'oa_fmask') ??
    scene.assets.find((asset) => isQualityBand(asset))
  );
}

/** Landsat Items before 1.0 key assets by file name: `QA_PIXEL.TIF`. */
function qaPixelOf(scene: Scene): SceneAsset | undefined {
  return findBand(scene, 'qa_pixel') ?? findBand(scene, 'qa_pixel.tif');
}

const qualityNames = /^(scl|fmask|oa_fmask|clm|cld|snw|msk_\w+|(sr_)?(qa|bqa)(_\w+)?|(sr|st)_qa(_\w+)?)$/;
const qualityRoles = [
  'cloud',
  'cloud-shadow',
  'saturation',
  'quality',
  'qa',
  'mask',
  'data-mask',
  'water-mask',
];

/**
 * Bands of codes, not measurements: never scaled, resampled by nearest neighbour. Told by name, role or the
 * classification extension; Earth Search gives its `scl` the role `reflectance`, so names come first.
 */
export function isQualityBand(asset: SceneAsset): boolean {
  if (isPreview(asset)) return false;
  const names = [asset.key.toLowerCase(), ...asset.names];
  return (
    names.some((name) =>
      qualityNames.test(name.replace(/\.(tiff?|jp2)$/, '').replace(/[-_]?(jp2|\d0m)$/, '')),
    ) ||
    asset.bits !== undefined ||
    asset.classes !== undefined ||
    asset.roles.some((role) => qualityRoles.includes(role))
  );
}

import { isPreview } from './find-band.ts';
import { isQualityBand } from './masks.ts';
import type { RadiometryDecision } from './radiometry-types.ts';
import type { Scene, SceneAsset } from './scene.ts';
import { sensorOf, sentinel2Bands } from './sensor.ts';

/** What the file itself says, as seen when it was opened. */
export interface FileRadiometry {
  /** Scale and offset of the file (GDAL metadata); 1 and 0 when it has none. */
  readonly scale: number;
  readonly offset: number;
  /** Smallest valid DN of the smallest overview, null when unknown. */
  readonly minDn: number | null;
  /** `uint16`, `float32`, ... */
  readonly dtype: string;
}

/** `radiometry` of a request. */
export type RadiometryWish = 'reflectance' | 'raw' | { readonly scale: number; readonly offset: number };

export interface RadiometryQuestion {
  readonly scene: Scene;
  readonly asset: SceneAsset;
  readonly file: FileRadiometry;
  readonly wish: RadiometryWish;
}

/** Sentinel-2 processing baseline from which on reflectance products carry +1000 DN (2022-01-25, ESA). */
const offsetBaseline = 4;
/** DN that baseline 04.00 and later add to every valid pixel (`RADIO_ADD_OFFSET`/`BOA_ADD_OFFSET` = -1000). */
const addedDn = 1000;
/** Sentinel-2 L1C and L2A: reflectance = (DN + BOA_ADD_OFFSET) / 10000. */
const sentinel2Scale = 0.0001;
const sentinel2Offset = -0.1;
/** Landsat Collection 2 Level 2 (LSDS-1619): surface reflectance, and surface temperature in kelvin. */
const landsatReflectance = { scale: 0.0000275, offset: -0.2 };
const landsatTemperature = { scale: 0.00341802, offset: 149 };

/**
 * How DN of one band of one scene become physical values, and why: `value = DN * scale + offset`.
 *
 * In this order: the request's own numbers; digital numbers for `raw` and for quality bands; scale and offset of the
 * Item, without the offset where the provider says that it has already been added to the pixels; those of the file;
 * those published for the product (Sentinel-2, Landsat Collection 2 Level 2); none. A look at the pixels
 * (`file.minDn`) never changes the answer, it only adds a sentence to `because` where it speaks against it.
 */
export function decideRadiometry(question: RadiometryQuestion): RadiometryDecision {
  const { asset, file, wish } = question;
  if (isQualityBand(asset)) return decision(1, 0, 'raw', 'A quality band holds codes: it is never scaled.');
  if (wish === 'raw') return decision(1, 0, 'raw', 'The request asks for digital numbers.');
  if (typeof wish === 'object') {
    return decision(wish.scale, wish.offset, 'explicit', 'The request gives scale and offset.');
  }
  if (asset.scale !== undefined || asset.offset !== undefined) return fromItem(question);
  if (file.scale !== 1 || file.offset !== 0) {
    return decision(
      file.scale,
      file.offset,
      'file',
      'The Item states neither; scale and offset are those of the file.',
    );
  }
  return (
    fromProduct(question) ??
    decision(1, 0, 'none', 'Neither Item nor file states a scale or offset: values are used as they are.')
  );
}

/** Whether a look at the pixels can add to the answer: nowhere else is it in doubt whether an offset is in them. */
export function pixelsMayTell({ scene, asset, wish }: Omit<RadiometryQuestion, 'file'>): boolean {
  return wish === 'reflectance' && !isQualityBand(asset) && isSentinel2Reflectance(scene, asset);
}

function fromItem(question: RadiometryQuestion): RadiometryDecision {
  const { scene, asset, file } = question;
  const scale = asset.scale ?? 1;
  const offset = asset.offset ?? 0;
  const stated = `The Item states scale ${scale} and offset ${offset}`;
  const applied = offsetApplied(scene);
  const notes = differsFromFile(file, scale, offset);
  if (!isSentinel2Reflectance(scene, asset) || isFloat(file)) {
    return decision(scale, offset, 'metadata', `${stated}.${notes}`);
  }
  if (offset < 0 && applied?.value === true) {
    const because = `${stated}, and ${applied.key} is true: the offset is in the pixels already and is not added again.`;
    return decision(scale, 0, 'offset-already-applied', because + notes + pixelsSayOffset(question));
  }
  const baseline = baselineOf(scene);
  const flag =
    applied === undefined ? 'nothing says that it was applied' : `${applied.key} is ${applied.value}`;
  if (offset < 0) {
    const doubt =
      baseline !== undefined && baseline.number < offsetBaseline
        ? ` Note: products before baseline 04.00 carry no such offset, and ${baseline.key} is ${baseline.text}.`
        : '';
    const because = `${stated}; ${flag}, so the offset is applied.${doubt}`;
    return decision(scale, offset, 'metadata', because + notes + pixelsSayNoOffset(question));
  }
  const missing =
    baseline !== undefined && baseline.number >= offsetBaseline && applied?.value !== true
      ? ` Note: ${baseline.key} is ${baseline.text}, from 04.00 on products carry an offset of -0.1, which the Item does not state.`
      : '';
  return decision(scale, offset, 'metadata', `${stated}.${missing}${notes}${pixelsSayOffset(question)}`);
}

/** Published constants of products whose Items state none (Planetary Computer, Earth Search v0, Landsat before 2022). */
function fromProduct(question: RadiometryQuestion): RadiometryDecision | undefined {
  const { scene, asset, file } = question;
  if (isFloat(file)) return undefined;
  if (isLandsatLevel2(scene)) {
    const names = [asset.key.toLowerCase(), ...asset.names, fileName(asset)];
    const says = (pattern: RegExp) => names.some((name) => pattern.test(name));
    if (says(/(^|_)st_b\d+/)) {
      const { scale, offset } = landsatTemperature;
      return decision(
        scale,
        offset,
        'product',
        `Landsat Collection 2 surface temperature is DN * ${scale} + ${offset} K.`,
      );
    }
    if (says(/(^|_)sr_b\d+/)) {
      const { scale, offset } = landsatReflectance;
      return decision(
        scale,
        offset,
        'product',
        `Landsat Collection 2 surface reflectance is DN * ${scale} - 0.2.`,
      );
    }
    return undefined;
  }
  if (!isSentinel2Reflectance(scene, asset)) return undefined;
  const applied = offsetApplied(scene);
  const baseline = baselineOf(scene);
  const why = 'The Item states no scale; Sentinel-2 reflectance is DN / 10000';
  if (applied?.value === true) {
    const because = `${why}, and ${applied.key} is true: no offset remains.`;
    return decision(sentinel2Scale, 0, 'offset-already-applied', because + pixelsSayOffset(question));
  }
  if (baseline === undefined) {
    const because = `${why}; its processing baseline is unknown, no offset is assumed.`;
    return decision(sentinel2Scale, 0, 'product', because + pixelsSayOffset(question));
  }
  if (baseline.number < offsetBaseline) {
    const because = `${why}; ${baseline.key} is ${baseline.text}, before 04.00 there is no offset.`;
    return decision(sentinel2Scale, 0, 'product', because);
  }
  const because = `${why} - 0.1 from baseline 04.00 on; ${baseline.key} is ${baseline.text}.`;
  return decision(sentinel2Scale, sentinel2Offset, 'product', because + pixelsSayNoOffset(question));
}

function decision(
  scale: number,
  offset: number,
  rule: RadiometryDecision['rule'],
  because: string,
): RadiometryDecision {
  return { scale, offset, rule, because };
}

function isFloat(file: FileRadiometry): boolean {
  return file.dtype.startsWith('float');
}

function differsFromFile(file: FileRadiometry, scale: number, offset: number): string {
  const own = file.scale !== 1 || file.offset !== 0;
  if (!own || (file.scale === scale && file.offset === offset)) return '';
  return ` Note: the file itself says scale ${file.scale} and offset ${file.offset}.`;
}

/** Valid reflectance below zero is rare: pixels that carry +1000 hardly go below it. */
function pixelsSayNoOffset({ file }: RadiometryQuestion): string {
  if (file.minDn === null || file.minDn <= 0 || file.minDn >= addedDn) return '';
  return ` Note: the smallest valid DN seen is ${file.minDn}; pixels with the offset are rarely below ${addedDn}.`;
}

function pixelsSayOffset({ scene, file }: RadiometryQuestion): string {
  const late = (baselineOf(scene)?.number ?? offsetBaseline) >= offsetBaseline;
  if (!late || file.minDn === null || file.minDn < addedDn) return '';
  return ` Note: the smallest valid DN seen is ${file.minDn}; so high, the pixels may still carry the offset of ${addedDn}.`;
}

function offsetApplied(scene: Scene): { readonly key: string; readonly value: boolean } | undefined {
  for (const key of ['earthsearch:boa_offset_applied', 'sentinel:boa_offset_applied']) {
    const value = scene.radiometryHints[key];
    if (typeof value === 'boolean') return { key, value };
    if (value === 'true' || value === 'false') return { key, value: value === 'true' };
  }
  return undefined;
}

function baselineOf(
  scene: Scene,
): { readonly key: string; readonly text: string; readonly number: number } | undefined {
  const keys = [
    's2:processing_baseline',
    'sentinel2:processing_baseline',
    'sentinel:processing_baseline',
    'the processing baseline in the product name',
    'processing:version',
  ];
  for (const key of keys) {
    const text = String(scene.radiometryHints[key] ?? '').replace(/^N/i, '');
    if (/^\d{1,2}\.\d{1,2}$/.test(text)) return { key, text, number: Number(text) };
  }
  return undefined;
}

/** Spectral bands only: aerosol, water vapour and pictures have other scales and no offset. */
function isSentinel2Reflectance(scene: Scene, asset: SceneAsset): boolean {
  if (sensorOf(scene) !== 'sentinel-2' || isPreview(asset)) return false;
  const single = scene.assets.every(
    (other) => other.key !== asset.key || other.bandIndex === asset.bandIndex,
  );
  return single && sentinel2Bands.some((row) => row.some((name) => asset.names.includes(name)));
}

function isLandsatLevel2(scene: Scene): boolean {
  if (sensorOf(scene) !== 'landsat') return false;
  const collection = Number(scene.radiometryHints['landsat:collection_number'] ?? 0);
  return collection === 2 || /c2-?l2|collection02/.test(scene.collection) || /_02_(T1|T2|RT)/.test(scene.id);
}

function fileName(asset: SceneAsset): string {
  return (asset.href.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '').toLowerCase();
}

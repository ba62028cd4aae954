import { SwathError } from '@swath/core';
import type { ResolvedPipeline } from '@swath/graph';
import {
  bandNamesOf,
  defaultMask,
  findBand,
  type MaskRule,
  maskBand,
  type Scene,
  type SceneAsset,
} from '@swath/stac';
import type { RequestSpec } from '../spec.ts';

export interface NeededMask {
  readonly asset: SceneAsset;
  readonly rule: MaskRule;
}

/** What a request reads of one scene. */
export interface NeededAssets {
  /** By the name of the band as the pipeline asks for it (common name or asset key). */
  readonly bands: Readonly<Record<string, SceneAsset>>;
  readonly mask: NeededMask | null;
  /** `"clouds"` was asked for, but the scene has no quality band whose meaning is known. */
  readonly unmasked: boolean;
}

/**
 * The assets of a scene that a request needs.
 * @throws SwathError InvalidInput naming the missing band and listing those there are.
 */
export function neededAssets(spec: RequestSpec, pipeline: ResolvedPipeline, scene: Scene): NeededAssets {
  const bands: Record<string, SceneAsset> = {};
  for (const { band } of pipeline.bands) bands[band] = required(scene, band, '/pipeline');
  const mask = neededMask(spec, scene);
  return { bands, mask, unmasked: spec.mask === 'clouds' && mask === null };
}

/** Every asset of `neededAssets`, each once. */
export function assetList(needed: NeededAssets): readonly SceneAsset[] {
  const all = [...Object.values(needed.bands), ...(needed.mask === null ? [] : [needed.mask.asset])];
  return all.filter((asset, i) => all.findIndex((other) => assetKey(other) === assetKey(asset)) === i);
}

/** Identity of an asset within its scene: the key, and the band of the file. */
export function assetKey(asset: Pick<SceneAsset, 'key' | 'bandIndex'>): string {
  return `${asset.key}#${asset.bandIndex}`;
}

function neededMask(spec: RequestSpec, scene: Scene): NeededMask | null {
  if (spec.mask === 'none') return null;
  if (spec.mask === 'clouds') return defaultMask(scene, 'clouds') ?? null;
  const asset =
    spec.mask.band === undefined ? maskBand(scene) : required(scene, spec.mask.band, '/mask/band');
  if (asset === undefined) {
    throw new SwathError('InvalidInput', `Scene ${scene.id} has no quality band to mask with.`, {
      pointer: '/mask',
      fix: `Name one with "band" (${bandNamesOf(scene).join(', ')}), or use "mask": "none".`,
    });
  }
  return { asset, rule: 'classes' in spec.mask ? { classes: spec.mask.classes } : { bits: spec.mask.bits } };
}

function required(scene: Scene, band: string, pointer: string): SceneAsset {
  const asset = findBand(scene, band);
  if (asset !== undefined) return asset;
  throw new SwathError('InvalidInput', `Scene ${scene.id} has no band "${band}".`, {
    pointer,
    fix: `Use one of its bands: ${bandNamesOf(scene).join(', ')}.`,
  });
}

import type { Scene, SceneAsset } from './scene.ts';

/**
 * Other names under which a band may be found when no asset has the asked one. `nir`: Landsat 8 and 9 call their only
 * near infrared band (0.86 um) `nir08`, and every index is written with `nir`. `lwir`: same for the thermal band.
 */
const fallbacks: ReadonlyMap<string, readonly string[]> = new Map([
  ['nir', ['nir08']],
  ['lwir', ['lwir11']],
]);

/**
 * The asset of a scene that holds the named band: exact asset key first, then the key, common name or band id in any
 * case (`red`, `B04`, `b4`, `SR_B4`), then the fallback names above.
 *
 * Where several assets share a name (Earth Search: `red` and `red-jp2`, and both true-colour images name red, green
 * and blue too) the best for measuring wins: no preview, one band, COG before TIFF before JPEG 2000, finest pixels,
 * first in the Item. `rededge` alone is therefore the first red edge band (B05).
 */
export function findBand(scene: Scene, name: string): SceneAsset | undefined {
  const exact = scene.assets.find((asset) => asset.key === name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const candidate of [wanted, ...(fallbacks.get(wanted) ?? [])]) {
    const best = bestOf(scene, candidate);
    if (best !== undefined) return best;
  }
  return undefined;
}

/** Every name `findBand` answers to, sorted: for the error that lists what there is. */
export function bandNamesOf(scene: Scene): readonly string[] {
  return [...new Set(scene.assets.flatMap((asset) => [asset.key, ...asset.names]))].sort();
}

function bestOf(scene: Scene, name: string): SceneAsset | undefined {
  const named = scene.assets.filter(
    (asset) => asset.key.toLowerCase() === name || asset.names.includes(name),
  );
  const ranked = named.map((asset) => ({ asset, rank: rankOf(scene, asset, name) }));
  // sort is stable: the Item's own order decides between equals.
  return ranked.sort((a, b) => compareRanks(a.rank, b.rank))[0]?.asset;
}

/** Smaller is better, first difference decides. */
function rankOf(scene: Scene, asset: SceneAsset, name: string): readonly number[] {
  const bands = scene.assets.filter((other) => other.key === asset.key).length;
  const pixelSize = asset.grid === undefined ? undefined : Math.abs(asset.grid.geotransform[1]);
  return [
    isPreview(asset) ? 1 : 0,
    asset.key.toLowerCase() === name && bands === 1 ? 0 : 1,
    bands === 1 ? 0 : 1,
    formatRank(asset),
    pixelSize ?? asset.gsdM ?? Number.MAX_VALUE,
  ];
}

export function isPreview(asset: SceneAsset): boolean {
  const previews = ['thumbnail', 'overview', 'visual'];
  return (
    asset.roles.some((role) => previews.includes(role)) ||
    /^(thumbnail|overview|visual|preview|tci|rendered_preview|pvi)([-_.]|$)/i.test(asset.key)
  );
}

function formatRank(asset: SceneAsset): number {
  const type = asset.mediaType ?? '';
  if (/jp2|jpx|jpeg2000/.test(type) || /\.jp2$/i.test(asset.href)) return 2;
  return type.includes('cloud-optimized') ? 0 : 1;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

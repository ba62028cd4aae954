import type { CheckedSpec } from '@swath/requests';
import type { Scene } from '@swath/stac';

export interface Selection {
  readonly scenes: readonly Scene[];
  readonly skipped: readonly { readonly scene: string; readonly reason: string }[];
}

/** Named items that the request's own time range and cloud limit leave. What an Item does not tell excludes nothing. */
export function selectScenes({ spec, datetime }: CheckedSpec, scenes: readonly Scene[]): Selection {
  const kept: Scene[] = [];
  const skipped: Selection['skipped'][number][] = [];
  for (const scene of scenes) {
    const reason = reasonToSkip(scene, datetime, spec.maxCloudCoverPercent);
    if (reason === undefined) kept.push(scene);
    else skipped.push({ scene: scene.id, reason });
  }
  return { scenes: kept, skipped };
}

function reasonToSkip(
  scene: Scene,
  range: CheckedSpec['datetime'],
  maxCloudCoverPercent: number | undefined,
): string | undefined {
  if (range !== null && scene.datetime !== null) {
    const instant = Date.parse(scene.datetime);
    const before = range.start !== null && instant < Date.parse(range.start);
    const after = range.end !== null && instant > Date.parse(range.end);
    if (before || after) return `Its date ${scene.datetime} lies outside the request's.`;
  }
  const { cloudCoverPercent } = scene;
  if (maxCloudCoverPercent !== undefined && cloudCoverPercent !== undefined) {
    if (cloudCoverPercent > maxCloudCoverPercent) {
      return `Its cloud cover of ${cloudCoverPercent} % is above ${maxCloudCoverPercent} %.`;
    }
  }
  return undefined;
}

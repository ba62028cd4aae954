import type { Scene } from './scene.ts';

/**
 * The date on the ground: UTC time plus longitude / 15 hours, `2024-06-01`. Scenes of one overpass share it where the
 * UTC date changes in between. `''` when the scene has no datetime; a scene without footprint counts as on Greenwich.
 * A datetime of midnight to the millisecond is a date without a time (NAIP, Landsat before 2020): taken as it is.
 */
export function solarDay(scene: Scene): string {
  if (scene.datetime === null) return '';
  if (scene.datetime.endsWith('T00:00:00.000Z')) return scene.datetime.slice(0, 10);
  const ms = Date.parse(scene.datetime) + (centreLongitude(scene) / 15) * 3_600_000;
  return new Date(ms).toISOString().slice(0, 10);
}

/** Middle of the footprint in [-180, 180); boxes west of the antimeridian are moved beside their eastern half. */
function centreLongitude(scene: Scene): number {
  const touches = scene.bboxes.some((box) => box[2] === 180) && scene.bboxes.some((box) => box[0] === -180);
  const shift = scene.bboxes.length > 1 && touches ? 360 : 0;
  const wests = scene.bboxes.map((box) => box[0] + (box[0] < 0 ? shift : 0));
  const easts = scene.bboxes.map((box) => box[2] + (box[0] < 0 ? shift : 0));
  if (wests.length === 0) return 0;
  const centre = (Math.min(...wests) + Math.max(...easts)) / 2;
  return centre >= 180 ? centre - 360 : centre;
}

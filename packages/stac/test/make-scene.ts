import type { Scene, SceneAsset } from '../src/scene.ts';

/** A scene with only what a test cares about. */
export function makeScene(change: Partial<Scene> = {}): Scene {
  return {
    provider: 'test',
    collection: 'c',
    id: 'a',
    datetime: '2024-05-01T10:00:00.000Z',
    geometry: null,
    bboxes: [],
    assets: [],
    version: '1',
    radiometryHints: {},
    ...change,
  };
}

export function makeAsset(key: string, change: Partial<SceneAsset> = {}): SceneAsset {
  return {
    key,
    href: `https://data.test/${key}.tif`,
    bandIndex: 1,
    names: [key.toLowerCase()],
    roles: ['data'],
    mediaType: 'image/tiff; application=geotiff; profile=cloud-optimized',
    ...change,
  };
}

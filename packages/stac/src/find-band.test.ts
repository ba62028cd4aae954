import { describe, expect, it } from 'vitest';
import { makeAsset, makeScene } from '../test/make-scene.ts';
import { bandNamesOf, findBand } from './find-band.ts';

const jp2 = { href: 's3://sentinel-s2-l2a/B04.jp2', mediaType: 'image/jp2' };

describe('findBand', () => {
  it('takes an exact asset key before any other name', () => {
    const assets = [makeAsset('B08', { names: ['b08', 'red'] }), makeAsset('red')];
    expect(findBand(makeScene({ assets }), 'red')?.key).toBe('red');
    expect(findBand(makeScene({ assets: [makeAsset('red-jp2', jp2), makeAsset('x')] }), 'red-jp2')?.key).toBe(
      'red-jp2',
    );
  });

  it('is indifferent to case', () => {
    const scene = makeScene({ assets: [makeAsset('B04', { names: ['b04', 'red'] })] });
    expect(findBand(scene, 'RED')?.key).toBe('B04');
    expect(findBand(scene, 'b04')?.key).toBe('B04');
  });

  it('prefers a COG of one band to pictures, JPEG 2000 and coarser copies', () => {
    const grid = (size: number) => ({
      crs: 'EPSG:32631',
      width: 1,
      height: 1,
      geotransform: [0, size, 0, 0, 0, -size] as const,
    });
    const assets = [
      makeAsset('thumbnail', { names: ['red'], roles: ['thumbnail'] }),
      makeAsset('visual', { names: ['red'], roles: ['visual'] }),
      makeAsset('visual', { names: ['green'], roles: ['visual'], bandIndex: 2 }),
      makeAsset('B04-jp2', { names: ['red'], ...jp2 }),
      makeAsset('B04_60m', { names: ['red'], grid: grid(60) }),
      makeAsset('B04_10m', { names: ['red'], grid: grid(10) }),
    ];
    expect(findBand(makeScene({ assets }), 'red')?.key).toBe('B04_10m');
    expect(findBand(makeScene({ assets: assets.slice(0, 4) }), 'red')?.key).toBe('B04-jp2');
    expect(findBand(makeScene({ assets: assets.slice(0, 3) }), 'green')?.bandIndex).toBe(2);
  });

  it('finds a band inside a file of several', () => {
    const names = ['red', 'green', 'blue', 'nir'];
    const assets = names.map((name, index) => makeAsset('image', { names: [name], bandIndex: index + 1 }));
    expect(findBand(makeScene({ assets }), 'nir')).toMatchObject({ key: 'image', bandIndex: 4 });
    expect(findBand(makeScene({ assets }), 'image')?.bandIndex).toBe(1);
  });

  it('falls back from nir to nir08 only where a scene has no nir', () => {
    const landsat = makeScene({ assets: [makeAsset('SR_B5', { names: ['nir08'] })] });
    expect(findBand(landsat, 'nir')?.key).toBe('SR_B5');
    const sentinel = makeScene({
      assets: [makeAsset('B8A', { names: ['nir08'] }), makeAsset('B08', { names: ['nir'] })],
    });
    expect(findBand(sentinel, 'nir')?.key).toBe('B08');
    expect(findBand(makeScene({ assets: [makeAsset('B08', { names: ['nir'] })] }), 'nir08')).toBeUndefined();
  });

  it('answers undefined for what is not there, and lists what is', () => {
    const scene = makeScene({ assets: [makeAsset('B04', { names: ['b04', 'red'] })] });
    expect(findBand(scene, 'constructor')).toBeUndefined();
    expect(findBand(scene, '')).toBeUndefined();
    expect(bandNamesOf(scene)).toEqual(['B04', 'b04', 'red']);
  });
});

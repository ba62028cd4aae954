import { describe, expect, it } from 'vitest';
import { makeAsset, makeScene } from '../test/make-scene.ts';
import { defaultMask, isQualityBand, maskBand } from './masks.ts';

const sceneWith = (key: string, change: Parameters<typeof makeScene>[0] = {}) =>
  makeScene({ ...change, assets: [makeAsset('red'), makeAsset(key)] });

describe('defaultMask', () => {
  it.each([
    ['scl', {}, { classes: [0, 1, 3, 8, 9, 10] }],
    ['SCL', {}, { classes: [0, 1, 3, 8, 9, 10] }],
    ['qa_pixel', {}, { bits: [0, 1, 2, 3, 4] }],
    ['QA_PIXEL.TIF', {}, { bits: [0, 1, 2, 3, 4] }],
    ['Fmask', { collection: 'HLSS30.v2.0' }, { bits: [1, 2, 3] }],
    ['oa_fmask', {}, { classes: [0, 2, 3] }],
  ])('knows the clouds of %s', (key, change, rule) => {
    expect(defaultMask(sceneWith(key, change), 'clouds')).toMatchObject({ asset: { key }, rule });
  });

  it('keeps snow, which Sen2Cor also calls bright sand', () => {
    expect(defaultMask(sceneWith('scl'), 'clouds')?.rule).not.toMatchObject({
      classes: expect.arrayContaining([11]),
    });
  });

  it('is undefined where no quality band is known by its meaning', () => {
    expect(defaultMask(sceneWith('nir'), 'clouds')).toBeUndefined();
    expect(defaultMask(sceneWith('fmask'), 'clouds')).toBeUndefined();
    expect(defaultMask(sceneWith('BQA'), 'clouds')).toBeUndefined();
  });
});

describe('maskBand', () => {
  it.each(['scl', 'QA_PIXEL', 'Fmask', 'BQA', 'oa_fmask'])('finds %s for explicit rules', (key) => {
    expect(maskBand(sceneWith(key))?.key).toBe(key);
  });

  it('finds a classified band with a name of its own', () => {
    const clouds = makeAsset('my-clouds', { classes: [{ value: 1, name: 'cloud' }] });
    expect(maskBand(makeScene({ assets: [makeAsset('red'), clouds] }))?.key).toBe('my-clouds');
    expect(maskBand(sceneWith('nir'))).toBeUndefined();
  });
});

describe('isQualityBand', () => {
  it.each([
    'scl',
    'scl-jp2',
    'scl_20m',
    'QA_RADSAT.TIF',
    'SR_QA_AEROSOL',
    'ST_QA',
    'qa_pixel',
    'bqa',
    'fmask',
  ])('holds for %s', (key) => expect(isQualityBand(makeAsset(key))).toBe(true));
  it.each(['red', 'B04', 'aot', 'wvp', 'ST_B10', 'SR_B4', 'dem'])('does not hold for %s', (key) =>
    expect(isQualityBand(makeAsset(key))).toBe(false),
  );
});

import { describe, expect, it } from 'vitest';
import { makeAsset, makeScene } from '../test/make-scene.ts';
import { allRealItems } from '../test/real-items.ts';
import { findBand } from './find-band.ts';
import { decideRadiometry, type FileRadiometry, type RadiometryWish } from './radiometry.ts';
import type { Scene, SceneAsset } from './scene.ts';
import { sceneFromItem } from './scene-from-item.ts';

const plain: FileRadiometry = { scale: 1, offset: 0, minDn: null, dtype: 'uint16' };
const applied = 'earthsearch:boa_offset_applied';
const baseline = 's2:processing_baseline';

interface Case {
  readonly asset?: Partial<SceneAsset>;
  readonly scene?: Partial<Scene>;
  readonly file?: Partial<FileRadiometry>;
  readonly wish?: RadiometryWish;
}

function decide({ asset, scene, file, wish }: Case) {
  const red = makeAsset('red', { names: ['red', 'b04'], ...asset });
  return decideRadiometry({
    scene: makeScene({ platform: 'sentinel-2a', ...scene, assets: [red] }),
    asset: red,
    file: { ...plain, ...file },
    wish: wish ?? 'reflectance',
  });
}

const stated = { scale: 0.0001, offset: -0.1 };
const landsat = { platform: 'landsat-8', collection: 'landsat-c2-l2' };

describe('decideRadiometry', () => {
  const table: readonly (readonly [string, Case, number, number, string])[] = [
    [
      'the trap: offset stated and already applied',
      { asset: stated, scene: { radiometryHints: { [applied]: true, [baseline]: '05.09' } } },
      0.0001,
      0,
      'offset-already-applied',
    ],
    [
      'the flag as a text',
      { asset: stated, scene: { radiometryHints: { [applied]: 'true' } } },
      0.0001,
      0,
      'offset-already-applied',
    ],
    [
      'offset stated, flag false',
      { asset: stated, scene: { radiometryHints: { [applied]: false, [baseline]: '04.00' } } },
      0.0001,
      -0.1,
      'metadata',
    ],
    [
      'offset stated, no flag',
      { asset: stated, scene: { radiometryHints: { [baseline]: '05.10' } } },
      0.0001,
      -0.1,
      'metadata',
    ],
    ['offset stated, nothing else known', { asset: stated }, 0.0001, -0.1, 'metadata'],
    [
      'offset 0 stated before baseline 04.00',
      { asset: { scale: 0.0001, offset: 0 }, scene: { radiometryHints: { [baseline]: '02.14' } } },
      0.0001,
      0,
      'metadata',
    ],
    [
      'offset 0 stated and applied',
      { asset: { scale: 0.0001, offset: 0 }, scene: { radiometryHints: { [applied]: true } } },
      0.0001,
      0,
      'metadata',
    ],
    ['only a scale stated', { asset: { scale: 0.0001 } }, 0.0001, 0, 'metadata'],
    [
      'the Item wins over the file',
      { asset: stated, file: { scale: 0.5, offset: 7 } },
      0.0001,
      -0.1,
      'metadata',
    ],
    ['only the file states', { file: { scale: 0.5, offset: 7 } }, 0.5, 7, 'file'],
    [
      'Sentinel-2 by platform, old baseline',
      { scene: { radiometryHints: { [baseline]: '02.12' } } },
      0.0001,
      0,
      'product',
    ],
    [
      'Sentinel-2 by platform, new baseline',
      { scene: { radiometryHints: { [baseline]: '04.00' } } },
      0.0001,
      -0.1,
      'product',
    ],
    [
      'Sentinel-2 by platform, new baseline, applied',
      { scene: { radiometryHints: { 'sentinel:boa_offset_applied': true, [baseline]: '05.09' } } },
      0.0001,
      0,
      'offset-already-applied',
    ],
    ['Sentinel-2 by platform, unknown baseline', {}, 0.0001, 0, 'product'],
    ['Sentinel-2 in floats', { file: { dtype: 'float32' } }, 1, 0, 'none'],
    ['Sentinel-2 water vapour without metadata', { asset: { key: 'wvp', names: ['wvp'] } }, 1, 0, 'none'],
    [
      'the trap never touches water vapour',
      {
        asset: { key: 'wvp', names: ['wvp'], scale: 0.001, offset: 0 },
        scene: { radiometryHints: { [applied]: true } },
      },
      0.001,
      0,
      'metadata',
    ],
    [
      'Landsat surface reflectance, stated',
      { asset: { scale: 0.0000275, offset: -0.2 }, scene: landsat },
      0.0000275,
      -0.2,
      'metadata',
    ],
    [
      'Landsat surface reflectance, known',
      { asset: { key: 'SR_B4.TIF', names: ['sr_b4', 'red'] }, scene: landsat },
      0.0000275,
      -0.2,
      'product',
    ],
    [
      'Landsat surface temperature, known',
      { asset: { key: 'ST_B10', names: ['st_b10'] }, scene: landsat },
      0.00341802,
      149,
      'product',
    ],
    [
      'Landsat Level 1',
      {
        asset: { key: 'B4', names: ['b4', 'red'] },
        scene: { platform: 'landsat-8', collection: 'landsat-c2-l1', id: 'x' },
      },
      1,
      0,
      'none',
    ],
    [
      'a flag of Sentinel-2 on another sensor',
      { asset: stated, scene: { platform: 'x', radiometryHints: { [applied]: true } } },
      0.0001,
      -0.1,
      'metadata',
    ],
    ['nothing known', { scene: { platform: 'x' } }, 1, 0, 'none'],
    ['raw', { asset: stated, wish: 'raw' }, 1, 0, 'raw'],
    ['explicit', { asset: stated, wish: { scale: 2, offset: 1 } }, 2, 1, 'explicit'],
    [
      'explicit on a quality band',
      { asset: { key: 'scl', names: ['scl'] }, wish: { scale: 2, offset: 1 } },
      1,
      0,
      'raw',
    ],
    [
      'a quality band with a stated scale',
      { asset: { key: 'scl', names: ['scl'], scale: 0.0001 } },
      1,
      0,
      'raw',
    ],
  ];

  it.each(table)('%s', (_, question, scale, offset, rule) => {
    expect(decide(question)).toMatchObject({ scale, offset, rule, because: expect.stringMatching(/\.$/) });
  });

  it('says in words when pixels, file or baseline speak against the decision, and still decides the same', () => {
    const hints = { radiometryHints: { [baseline]: '05.09' } };
    const dark = decide({ asset: stated, scene: hints, file: { minDn: 326 } });
    expect(dark).toMatchObject({
      offset: -0.1,
      because: expect.stringContaining('smallest valid DN seen is 326'),
    });
    const bright = decide({
      asset: stated,
      scene: { radiometryHints: { [applied]: true, [baseline]: '05.09' } },
      file: { minDn: 1100 },
    });
    expect(bright).toMatchObject({
      offset: 0,
      because: expect.stringContaining('may still carry the offset'),
    });
    const old = decide({
      asset: stated,
      scene: { radiometryHints: { [applied]: false, [baseline]: '02.14' } },
    });
    expect(old).toMatchObject({ offset: -0.1, because: expect.stringContaining('before baseline 04.00') });
    const differs = decide({ asset: stated, file: { scale: 0.5 } });
    expect(differs.because).toContain('the file itself says scale 0.5');
    const silent = decide({ asset: { scale: 0.0001, offset: 0 }, scene: hints });
    expect(silent).toMatchObject({ offset: 0, because: expect.stringContaining('does not state') });
  });
});

const real = allRealItems();

describe.skipIf(real.length === 0)('decideRadiometry on real Items', () => {
  const decideReal = (id: RegExp, band: string) => {
    const found = real.find(({ item }) => id.test(String(item['id'])));
    const scene = sceneFromItem(found?.item, { provider: '', itemHref: 'https://x.test/i' });
    const asset = findBand(scene, band);
    if (asset === undefined) throw new Error(`no ${band} in ${scene.id}`);
    const { scale, offset, rule } = decideRadiometry({ scene, asset, file: plain, wish: 'reflectance' });
    return [scale, offset, rule];
  };

  it.each([
    ['Earth Search v1, applied', /^S2A_32TPS_20230602_0_L2A$/, 'red', [0.0001, 0, 'offset-already-applied']],
    ['Earth Search v1, baseline 02.14', /^S2A_29RKH_20200219_0_L2A$/, 'red', [0.0001, 0, 'metadata']],
    ['Earth Search v1, water vapour', /^S2A_29RKH_20200219_0_L2A$/, 'wvp', [0.001, 0, 'metadata']],
    ['stactools, baseline 04.00', /^S2B_T33XWJ_20220413/, 'red', [0.0001, -0.1, 'metadata']],
    [
      'Planetary Computer, baseline 02.12',
      /^S2B_MSIL2A_20190629T212529_R043_T06VVN/,
      'B04',
      [0.0001, 0, 'product'],
    ],
    ['USGS Landsat, STAC 0.7', /^LC08_L2SP_008059_20191201/, 'red', [0.0000275, -0.2, 'product']],
    [
      'stactools Landsat, STAC 1.0',
      /^LC09_L2SP_010065_20220129_02_T1$/,
      'red',
      [0.0000275, -0.2, 'metadata'],
    ],
    [
      'stactools Landsat, temperature',
      /^LC09_L2SP_010065_20220129_02_T1$/,
      'ST_B10',
      [0.00341802, 149, 'metadata'],
    ],
  ])('%s', (_, id, band, expected) => {
    expect(decideReal(id, band)).toEqual(expected);
  });
});

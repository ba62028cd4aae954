import { sha256Hex } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { sampleItem } from './items.ts';
import { makeLandscape } from './landscape.ts';
import { renderScene, type SampleDate, type SampleScene } from './scene.ts';
import { greenness, cover as types } from './spectra.ts';

const size = 200;
const land = makeLandscape(size, size);
const date = (changes: Partial<SampleDate>): SampleDate => ({
  date: '2024-06-07',
  clouds: 0.3,
  edge: false,
  haze: 0.004,
  ...changes,
});

function meanNdvi(scene: SampleScene, type: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < size * size; i++) {
    if (land.cover[i] !== type) continue;
    const nir = scene.bands.nir[i] ?? 0;
    const red = scene.bands.red[i] ?? 0;
    sum += (nir - red) / (nir + red);
    count++;
  }
  return sum / count;
}

describe('the sample', () => {
  it('is the same on every machine', () => {
    const { bands, scl } = renderScene(land, date({}), 3);
    const dn = Uint16Array.from(bands.red, (value) => Math.round(value * 10_000));
    expect(sha256Hex(new Uint8Array(dn.buffer)).slice(0, 16)).toBe('1db0b60fdd657786');
    expect(sha256Hex(Uint8Array.from(scl)).slice(0, 16)).toBe('1b7da7b14caa3aa2');
  });

  it('has seasons: wheat is green in May and stubble in August, water never is', () => {
    const may = renderScene(land, date({ date: '2024-05-20', clouds: 0 }), 0);
    const august = renderScene(land, date({ date: '2024-08-20', clouds: 0 }), 1);
    expect(meanNdvi(may, types.wheat)).toBeGreaterThan(0.65);
    expect(meanNdvi(august, types.wheat)).toBeLessThan(0.4);
    expect(meanNdvi(may, types.water)).toBeLessThan(0);
    for (const type of Object.values(types)) {
      for (let day = 1; day < 366; day += 7) {
        expect(greenness(type, day)).toBeGreaterThanOrEqual(0);
        expect(greenness(type, day)).toBeLessThanOrEqual(1.1);
      }
    }
  });

  it('has an edge without data, marked in the classification', () => {
    const { bands, scl, nodataPercent } = renderScene(land, date({ edge: true, clouds: 0 }), 2);
    expect(Number.isNaN(bands.red[size - 1])).toBe(true);
    expect(scl[size / 2 - 1]).toBe(0);
    expect(scl[0]).not.toBe(0);
    expect(nodataPercent).toBeGreaterThan(5);
  });

  it('states an offset that is applied already, as Earth Search does', () => {
    expect(sampleItem(date({}), { cloudCoverPercent: 1, nodataPercent: 0 })).toMatchObject({
      properties: { 'earthsearch:boa_offset_applied': true },
      assets: { red: { 'raster:bands': [{ scale: 0.0001, offset: -0.1 }] } },
    });
  });
});

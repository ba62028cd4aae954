import { describe, expect, it } from 'vitest';
import { createField } from './field.ts';
import { createLandscape } from './landscape.ts';

const size = 512;
const options = { size, date: 0, cloudShare: 0.18 };
const whole = { x: 0, y: 0, width: size, height: size };
const half = { x: 0, y: 0, width: size / 2, height: size / 2 };

describe('an invented scene', () => {
  const land = createLandscape(options);

  it('has the same pixels in any window', () => {
    const all = land.band('B04', whole);
    const window = { x: 301, y: 97, width: 130, height: 41 };
    const part = land.band('B04', window);
    const cut = Float32Array.from(part, (_, i) => {
      const row = window.y + Math.floor(i / window.width);
      return all[row * size + window.x + (i % window.width)] ?? Number.NaN;
    });
    expect(part).toEqual(cut);
    const classes = land.classes(half);
    expect(land.classes({ ...half, y: 100, height: 1 })).toEqual(classes.slice(25_600, 25_856));
  });

  it('misses 9 % of its pixels and has the clouds asked for', () => {
    const share = (values: Float32Array, counts: (value: number) => boolean) =>
      values.filter(counts).length / values.length;
    expect(share(land.band('B08', whole), Number.isNaN)).toBeCloseTo(0.09, 2);
    const clouds = createLandscape({ ...options, cloudShare: 0.3 }).classes(half);
    const seen = share(clouds, (value) => value === 8 || value === 9) / 0.91;
    expect(seen).toBeGreaterThan(0.2);
    expect(seen).toBeLessThan(0.4);
  });

  it('keeps its land and changes its sky from date to date', () => {
    const clear = (date: number) => createLandscape({ size, date, cloudShare: 0 }).classes(half);
    expect(clear(3)).toEqual(clear(4));
    const cloudy = (date: number) => createLandscape({ ...options, date }).classes(half);
    expect(cloudy(3)).not.toEqual(cloudy(4));
  });

  it('lies under cloud in the south when a front passes', () => {
    const front = createLandscape({ ...options, cloudShare: 0.7, front: 12 });
    const south = front.classes({ x: 0, y: 224, width: 256, height: 32 });
    expect(south.every((value) => value === 8 || value === 9)).toBe(true);
  });
});

describe('a field', () => {
  it('has a mean near 0 and a deviation near 1', () => {
    const field = createField({ seed: 5, wavelengthMax: 64, beta: 2.6 });
    const row = new Float32Array(1024);
    let [sum, squares, count] = [0, 0, 0];
    for (let y = 0; y < 1024; y += 8) {
      field.row(0, y, 1, row);
      for (const value of row) {
        sum += value;
        squares += value * value;
        count++;
      }
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.1);
    expect(Math.sqrt(squares / count)).toBeCloseTo(1, 1);
  });
});

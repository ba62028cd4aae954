import { describe, expect, it } from 'vitest';
import { makeScene } from '../test/make-scene.ts';
import { solarDay } from './solar-day.ts';

describe('solarDay', () => {
  it.each([
    ['2024-06-01T23:30:00.000Z', [[150, -20, 152, -19]], '2024-06-02'],
    ['2024-06-02T00:30:00.000Z', [[150, -20, 152, -19]], '2024-06-02'],
    ['2024-06-02T00:30:00.000Z', [[-122, 40, -120, 41]], '2024-06-01'],
    ['2024-06-01T10:30:00.000Z', [[10, 40, 11, 41]], '2024-06-01'],
    ['2024-06-01T23:00:00.000Z', [], '2024-06-01'],
    [
      '2024-06-01T13:00:00.000Z',
      [
        [179, 0, 180, 1],
        [-180, 0, -179.5, 1],
      ],
      '2024-06-02',
    ],
    ['2019-12-01T00:00:00.000Z', [[-76, 0, -75, 1]], '2019-12-01'],
  ] as const)('of %s over %j is %s', (datetime, bboxes, day) => {
    expect(solarDay(makeScene({ datetime, bboxes }))).toBe(day);
  });

  it('is empty without a datetime', () => {
    expect(solarDay(makeScene({ datetime: null }))).toBe('');
  });
});

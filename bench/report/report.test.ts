import { describe, expect, it } from 'vitest';
import { spread, timesFaster } from '../measure/pairs.ts';
import { complaints } from '../run-job.ts';
import { linearFit } from './fit.ts';
import { jobMarkdown } from './job-report.ts';
import type { JobResult } from './job-result.ts';
import { scatterSvg } from './plot.ts';
import { between } from './readme.ts';
import { scalingMarkdown, scalingSvg } from './scaling-report.ts';

const run = (wallS: number) => ({ wallS, cpuS: 2 * wallS, peakBytes: 100e6 });

const result: JobResult = {
  job: 'i16',
  size: 10_980,
  date: '2026-01-01',
  machine: { cpu: 'abacus', cores: 2, memoryGb: 24, system: 'Linux', node: 'v24' },
  inputWriter: 'GDAL 3.6.2',
  ours: { sizeBytes: 102e6, validation: 'valid', reference: null },
  peers: [
    {
      status: 'measured',
      id: 'a',
      title: 'a peer',
      version: '1',
      target: { must: 4, aim: 7 },
      pairs: [
        { ours: run(1), theirs: run(3) },
        { ours: run(2), theirs: run(10) },
        { ours: run(1), theirs: run(6) },
      ],
      sizeBytes: 100e6,
      agreement: {
        pixels: 3e6,
        identical: 3e6 - 1,
        onlyOursValid: 0,
        onlyTheirsValid: 0,
        maxDifference: 1,
      },
    },
    { status: 'not installed', id: 'b', title: 'another' },
    {
      status: 'failed',
      id: 'c',
      title: 'a third',
      version: '2',
      reason: 'killed after 300 s',
    },
  ],
};

describe('ratios', () => {
  it('are taken pair by pair, before the median', () => {
    const [peer] = result.peers;
    if (peer?.status !== 'measured') throw new Error('the fixture has changed');
    expect(timesFaster(peer.pairs, 'wallS')).toEqual({ median: 5, min: 3, max: 6 });
  });

  it('have the mean of the middle two as median of an even number', () => {
    expect(spread([4, 1, 3, 10])).toEqual({ median: 3.5, min: 1, max: 10 });
  });
});

describe('a report', () => {
  const text = jobMarkdown(result);

  it('says whether the target is met, what is not installed, and what failed', () => {
    expect(text).toContain('| 5.00x (3.00-6.00) | 4 / 7 | must |');
    expect(text).toContain('Not installed: another.');
    expect(text).toContain('Failed: a third (2): killed after 300 s.');
  });

  it('does not round nearly identical pixels up to all', () => {
    expect(text).toContain('99.999 %');
  });

  it('compares file sizes, ours over theirs', () => {
    expect(text).toContain('102 / 100 (+2.0 %)');
  });

  it('holds a small input against no target', () => {
    expect(jobMarkdown({ ...result, size: 2048 })).toContain('| 5.00x (3.00-6.00) | - | - |');
  });

  it('goes between the markers and leaves the rest alone', () => {
    const page = 'a\n<!-- x: generated -->\nold\n<!-- x: end -->\nb';
    const next = between(page, 'x', 'new');
    expect(next).toBe('a\n<!-- x: generated -->\n\nnew\n\n<!-- x: end -->\nb');
    expect(between(next, 'x', 'new')).toBe(next);
    expect(() => between('no markers', 'x', 'new')).toThrow('lacks');
  });
});

describe('a result of ours', () => {
  const [measured] = result.peers;
  if (measured?.status !== 'measured') throw new Error('the fixture has changed');
  const withAgreement = (change: object) => ({
    ...result,
    peers: [{ ...measured, agreement: { ...measured.agreement, ...change } }],
  });

  it('may differ in the last digit, and in nothing else', () => {
    expect(complaints(result)).toEqual([]);
    expect(complaints(withAgreement({ maxDifference: 2 }))).toHaveLength(1);
    expect(complaints(withAgreement({ onlyOursValid: 1 }))).toHaveLength(1);
  });

  it('has to be a valid COG where that can be checked', () => {
    const validated = (validation: string) => complaints({ ...result, ours: { ...result.ours, validation } });
    expect(validated('not checked')).toEqual([]);
    expect(validated('not tiled')).toHaveLength(1);
  });
});

describe('a straight line', () => {
  it('goes through points that lie on one', () => {
    const fit = linearFit([1, 2, 5].map((x) => [x, 3 + 2 * x] as const));
    expect(fit.slope).toBeCloseTo(2, 12);
    expect(fit.intercept).toBeCloseTo(3, 12);
    expect(fit.r2).toBeCloseTo(1, 12);
  });

  it('explains little of what is no line', () => {
    expect(
      linearFit([
        [0, 0],
        [1, 1],
        [2, 0],
      ]).r2,
    ).toBeCloseTo(0, 12);
  });

  it('is drawn with a dot for every point, inside the frame', () => {
    const points = [
      [10, 1],
      [120.6, 7.3],
    ] as const;
    const svg = scatterSvg([
      { title: 'a < b', xLabel: 'x', yLabel: 'y', series: [{ name: 's', colour: '#000', points }] },
    ]);
    const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)];
    expect(dots).toHaveLength(points.length + 1); // One in the legend.
    for (const [, x, y] of dots) {
      expect(Number(x)).toBeGreaterThan(0);
      expect(Number(x)).toBeLessThan(320);
      expect(Number(y)).toBeGreaterThan(0);
      expect(Number(y)).toBeLessThan(260);
    }
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('<title>y by x</title>');
  });
});

describe('the scaling report', () => {
  const points = [1, 2, 4].map((x) => ({ x, wallS: 0.5 + x, cpuS: 0.6 + 1.5 * x, peakBytes: 100e6 + x }));
  const scaling = {
    size: 2048,
    stackSize: 1024,
    runs: 3,
    cores: 2,
    pixels: points,
    bands: points,
    dates: points,
    cloudy: {
      size: 2048,
      maskedShare: 0.8,
      maskedTileShare: 0.5,
      withMask: { bands: { requests: 10, bytes: 7e6 }, scl: { requests: 4, bytes: 1e6 } },
      withoutMask: { bands: { requests: 14, bytes: 16e6 }, scl: { requests: 0, bytes: 0 } },
    },
  };

  it('tells the line and what masking first saves, its own bytes included', () => {
    const text = scalingMarkdown(scaling);
    expect(text).toContain('wall 0.50 s + 1.00 s x Mpixel (R2 1.000)');
    expect(text).toContain('| together | 14 / 16.0 | 14 / 8.0 | 50 % |');
  });

  it('draws three panels of two series', () => {
    expect(scalingSvg(scaling).match(/<circle/g)).toHaveLength(3 * 2 * (points.length + 1));
  });
});

import type { RequestEventView, RequestState } from '@swath/requests';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { fakeProducts, fakeRequest } from '../../../../test/support/fake-api.ts';
import type { Results } from '../client.ts';
import { plain } from '../terminal.ts';
import { nothingSeen, plainLine, progressLines, type Seen, see } from './progress.ts';
import { bestProduct, resultsText } from './results.ts';
import { showText } from './show.ts';
import { sparkline } from './sparkline.ts';

const colors = pc.createColors(false);
const secondsAfter = (s: number) => new Date(Date.parse('2026-11-21T04:00:00Z') + s * 1000).toISOString();

function transition(sequence: number, to: RequestState, second: number): RequestEventView {
  return {
    sequence,
    time: secondsAfter(second),
    attempt: 1,
    kind: 'transition',
    from: null,
    to,
    message: '',
  };
}

function progressIn(state: RequestState, chunksDone: number) {
  return {
    id: 'r',
    state,
    waitingReason: null,
    attempt: 1,
    updatedAt: secondsAfter(0),
    progress: { scenes: 12, products: 12, chunksDone, chunksTotal: 40 },
    failure: null,
  };
}

const processing: Seen = {
  events: [
    transition(0, 'accepted', 0),
    transition(1, 'ordering', 0.1),
    transition(2, 'acquiring', 1.1),
    transition(3, 'processing', 3),
  ],
  progress: progressIn('processing', 10),
};

const asset = { href: 'http://127.0.0.1:1/x.tif', type: 'image/tiff', title: 't', sizeBytes: 1, sha256: 'a' };
const results: Results = {
  requestId: 'r1',
  state: 'succeeded',
  contentKey: null,
  reused: false,
  warnings: ['One scene was skipped.'],
  links: [],
  products: fakeProducts.map((p) => ({
    ...p,
    assets: { cog: asset, thumbnail: asset, item: asset, statistics: asset },
  })),
};

describe('progress', () => {
  it('shows stages with time, counts, a bar and what is left', () => {
    expect(progressLines(processing, Date.parse(secondsAfter(8)), colors).join('\n')).toMatchInlineSnapshot(`
      " ✓ accepted        0.1 s
       ✓ ordering        1.0 s  12 scenes
       ✓ acquiring       1.9 s
       ● processing      5.0 s  10 of 40 chunks  ██████░░░░░░░░░░░░░░░░░░  about 15.0 s left
       · publishing"
    `);
  });

  it('marks where a request stopped', () => {
    const failed = {
      events: [...processing.events, transition(4, 'failed', 9)],
      progress: progressIn('failed', 10),
    };
    expect(progressLines(failed, Date.parse(secondsAfter(60)), colors)[3]).toBe(
      ' ✗ processing      6.0 s  10 of 40 chunks',
    );
  });

  it('counts only the latest attempt', () => {
    const second = { ...progressIn('ordering', 0), attempt: 2 };
    const events = [...processing.events, { ...transition(5, 'accepted', 20), attempt: 2 }];
    const lines = progressLines({ events, progress: second }, Date.parse(secondsAfter(21)), colors);
    expect(lines[0]).toBe(' ✓ accepted        1.0 s');
    expect(lines[1]).toContain('● ordering');
  });

  it('is one line where nothing can be redrawn', () => {
    expect(plainLine(progressIn('processing', 10))).toBe('processing: 10 of 40 chunks');
    expect(plainLine({ ...progressIn('waiting', 0), waitingReason: 'capacity' })).toBe('waiting (capacity)');
  });

  it('grows by news', () => {
    const one = see(nothingSeen, { kind: 'event', event: transition(0, 'accepted', 0) });
    const two = see(one, { kind: 'progress', progress: progressIn('accepted', 0) });
    expect([two.events.length, two.progress?.state]).toEqual([1, 'accepted']);
  });
});

describe('sparkline', () => {
  it('spans lowest to highest, leaves gaps, and is level when all are equal', () => {
    expect(sparkline([0, 0.5, null, 1])).toBe('▁▅ █');
    expect(sparkline([3, 3])).toBe('▅▅');
    expect(sparkline([])).toBe('');
  });
});

describe('results', () => {
  it('are a table, a line over the dates, and warnings', () => {
    expect(resultsText(results, colors)).toMatchInlineSnapshot(`
      "date        mean ndvi  cloud %  valid %  size
      2024-03-12      0.310      4.0     96.0  17 B
      2024-05-16      0.580     22.5     77.5  17 B
      2024-07-05      0.720      0.0    100.0  17 B
      2024-09-23      0.440     61.0     39.0  17 B

      ndvi ▁▆█▃  0.310 to 0.720
      warning: One scene was skipped."
    `);
  });

  it('show the clearest date first', () => {
    expect(bestProduct(results.products)?.label).toBe('2024-07-05');
    expect(bestProduct([])).toBeUndefined();
  });

  it('cannot move the cursor', () => {
    expect(plain('a\u001b[2Jb\r\u202ec\td')).toBe('a�[2Jb��c\td');
  });
});

describe('the first run', () => {
  it('ends with what came out, where it is and what to try', () => {
    const text = showText(
      {
        request: fakeRequest({ id: 'r1' }),
        results,
        files: [
          {
            label: 'a',
            asset: 'cog',
            path: '/w/.swath/shown/r1/2024-03-12/ndvi.tif',
            sizeBytes: 1,
            sha256: 'a',
            status: 'downloaded',
          },
        ],
        picture: '▀▀\n▀▀',
        pictureLabel: '2024-07-05',
        folder: '/w/.swath/shown/r1',
        url: 'http://127.0.0.1:7431',
        urlFlag: '',
        stays: true,
        tookMs: 12_345,
      },
      colors,
    );
    expect(text).toMatchInlineSnapshot(`
      "NDVI on 4 dates, clouds removed; made in 12.3 s

        date        mean ndvi  cloud %  valid %  size
        2024-03-12      0.310      4.0     96.0  17 B
        2024-05-16      0.580     22.5     77.5  17 B
        2024-07-05      0.720      0.0    100.0  17 B
        2024-09-23      0.440     61.0     39.0  17 B

        ndvi ▁▆█▃  0.310 to 0.720

        ▀▀
        ▀▀
        2024-07-05
      warning: One scene was skipped.

      Where it is
        /w/.swath/shown/r1/2024-03-12/ndvi.tif
        page      http://127.0.0.1:7431/requests/r1
        GeoTIFF   http://127.0.0.1:1/x.tif
        STAC Item http://127.0.0.1:1/x.tif

      Try next
        npx swath indices water
        npx swath show r1
        npx swath raster info /w/.swath/shown/r1/2024-03-12/ndvi.tif"
    `);
  });
});

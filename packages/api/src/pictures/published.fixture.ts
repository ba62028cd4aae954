import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { memoryObjects } from '@swath/ports/memory/objects';
import type { BandStatistics } from '@swath/raster';
import { hills, utm, writeTestCog } from '@swath/tiles/tiles.fixture';

export const publishedKey = 'a'.repeat(64);

const statistics: BandStatistics = {
  count: 100,
  validPercent: 90,
  min: 0,
  max: 1,
  mean: 0.4,
  std: 0.1,
  percentiles: { p2: 0.05, p5: 0.1, p25: 0.2, p50: 0.4, p75: 0.6, p95: 0.7, p98: 0.75 },
  histogram: [60, 40],
};

const grid: Grid = { ...utm, width: 1000, height: 800 };

/** A bucket with NDVI of some dates, as publishing leaves it. */
export async function publishedResults(labels: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'swath-published-'));
  try {
    const file = join(folder, 'ndvi.tif');
    await writeTestCog(file, grid, [hills]);
    const objects = memoryObjects();
    for (const label of labels) {
      const prefix = `results/${publishedKey}/${label}/`;
      const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
      await objects.put(`${prefix}ndvi.tif`, readFileSync(file));
      await objects.put(`${prefix}statistics.json`, json({ bands: { ndvi: statistics } }));
      await objects.put(`${prefix}item.json`, json(itemOf(label)));
    }
    return objects;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const itemOf = (label: string) => ({
  id: label,
  properties: {
    title: 'Hills & <fields>',
    datetime: `${label.slice(0, 10)}T10:00:00Z`,
    'processing:expression': { format: 'swath', expression: { index: 'NDVI' } },
    'swath:radiometry': [{ scene: 's', collection: 'sentinel-2-l2a' }],
  },
  assets: { data: { href: './ndvi.tif', 'eo:bands': [{ name: 'ndvi' }] } },
});

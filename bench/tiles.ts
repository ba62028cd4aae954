import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRgba, memorySource, openerOver } from '@swath/raster';
import { drawTile, extentOf, type Picturable, planDrawing } from '@swath/tiles';
import { columnAt, rowAt } from '@swath/tiles/mercator';
import { asInt16, hills, utm, writeTestCog } from '@swath/tiles/tiles.fixture';

/** CPU time of one tile of a Sentinel-2-like result, on one core: `node bench/tiles.ts`. Best of several rounds. */

const SIDE = 6000;
const ROUNDS = 5;
const grid = { ...utm, width: SIDE, height: SIDE };

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function openBench(folder: string): Promise<Picturable> {
  const path = join(folder, 'hills.tif');
  await writeTestCog(path, grid, [hills], asInt16);
  const bytes = readFileSync(path);
  const open = openerOver(async (name) => ({ kind: 'source', source: memorySource(bytes, name) }));
  const { info } = await open('hills');
  return {
    href: 'hills',
    open,
    grid,
    scales: info.bands,
    levels: info.levels,
    look: { bands: [{ name: 'ndvi' }], ramp: 'ndvi', range: { min: 0, max: 1 } },
  };
}

const folder = mkdtempSync(join(tmpdir(), 'swath-bench-'));
try {
  const image = await openBench(folder);
  const extent = extentOf(image.grid);
  console.log('resampling zoom  draw ms  png ms  webp ms');
  for (const resampling of ['nearest', 'bilinear']) {
    for (const z of [10, 11, 12, 13, 14, 16]) {
      const { ranges, ...drawing } = planDrawing({ resampling }, image.look);
      const decided = { ...drawing, ranges: ranges.map((range) => (range === 'auto' ? null : range)) };
      const [x, y] = [Math.floor(columnAt(10.7, z) / 256), Math.floor(rowAt(48.7, z) / 256)];
      const best = {
        draw: Number.POSITIVE_INFINITY,
        png: Number.POSITIVE_INFINITY,
        webp: Number.POSITIVE_INFINITY,
      };
      for (let round = 0; round < ROUNDS; round++) {
        // A map asks for neighbours: four tiles, each of its own.
        const spent = { draw: 0, png: 0, webp: 0 };
        for (let i = 0; i < 4; i++) {
          const tile = { z, x: x + (i % 2), y: y + (i >> 1), scale: 1, format: 'png' } as const;
          const start = cpuMs();
          const picture = await drawTile(image, extent, tile, decided);
          const drawn = cpuMs();
          await encodeRgba(picture.rgba, picture, 'png');
          const encoded = cpuMs();
          await encodeRgba(picture.rgba, picture, 'webp');
          spent.draw += (drawn - start) / 4;
          spent.png += (encoded - drawn) / 4;
          spent.webp += (cpuMs() - encoded) / 4;
        }
        for (const name of ['draw', 'png', 'webp'] as const) best[name] = Math.min(best[name], spent[name]);
      }
      const cells = [best.draw, best.png, best.webp].map((ms) => ms.toFixed(1).padStart(8));
      console.log(resampling.padEnd(10), String(z).padStart(4), ...cells);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

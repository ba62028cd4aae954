import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageOpener } from '@swath/raster';
import { benchItem } from './inputs/item.ts';
import { makeScene } from './inputs/make-scene.ts';
import { type Inputs, outputFolder } from './inputs.ts';
import { DROPPED_CLASSES, jobSpec, swathRun } from './jobs/jobs.ts';
import { measureCommand } from './measure/measure-command.ts';
import { type RangeServer, startRangeServer } from './measure/range-server.ts';
import type { CloudyResult } from './report/scaling-report.ts';
import { RUN_TIMEOUT_MS } from './run-job.ts';

/** A front over the scene: broken clouds in the north, none of the ground to be seen in the south. */
const OVERCAST = { cloudShare: 0.7, front: 12 } as const;

/** Side of a tile of SCL, 20 m, that covers one 1024 tile of the bands. */
const TILE_SIDE_20M = 512;

/**
 * What is fetched of a cloudy scene when the mask decides first which tiles of the bands are needed, against all of it.
 * The bands are those of the inputs; a range server on this machine counts.
 */
export async function measureCloudy(inputs: Inputs): Promise<CloudyResult> {
  const size = inputs.grid.width;
  const folder = join(inputs.folder, 'overcast');
  const scl = join(folder, 'SCL.tif');
  if (!existsSync(scl)) await makeScene({ folder, scene: { size, date: 99, ...OVERCAST }, files: ['SCL'] });
  const item = join(folder, 'item.json');
  const assets = {
    red: { href: './B04.tif', commonName: 'red', resolutionM: 10 },
    nir: { href: './B08.tif', commonName: 'nir', resolutionM: 10 },
    scl: { href: './SCL.tif', resolutionM: 20 },
  } as const;
  const document = benchItem({ id: 'overcast', date: '2024-06-27', grid: inputs.grid, assets });
  await writeFile(item, JSON.stringify(document));
  // The Item comes from there, too: plain http is read only beside an Item of the same origin.
  const { B04, B08 } = inputs.files;
  const server = await startRangeServer({
    'item.json': item,
    'B04.tif': B04,
    'B08.tif': B08,
    'SCL.tif': scl,
  });
  try {
    const spec = { ...jobSpec('i16', inputs), items: [`${server.origin}/item.json`] };
    const outDir = join(await outputFolder(size), 'swath-overcast');
    await rm(outDir, { recursive: true, force: true });
    const fetched = async (command: ReturnType<typeof swathRun>) => {
      server.reset();
      await measureCommand(command, RUN_TIMEOUT_MS);
      return trafficOf(server);
    };
    return {
      size,
      ...(await maskedShares(scl)),
      withMask: await fetched(swathRun(spec, outDir)),
      withoutMask: await fetched(swathRun({ ...spec, mask: 'none' }, outDir)),
    };
  } finally {
    await server.close();
  }
}

function trafficOf(server: RangeServer): CloudyResult['withMask'] {
  const traffic = server.traffic();
  const of = (name: string) => traffic[name] ?? { requests: 0, bytes: 0 };
  const [red, nir] = [of('B04.tif'), of('B08.tif')];
  return {
    bands: { requests: red.requests + nir.requests, bytes: red.bytes + nir.bytes },
    scl: of('SCL.tif'),
  };
}

/** Counted from the classes themselves. */
async function maskedShares(scl: string): Promise<Pick<CloudyResult, 'maskedShare' | 'maskedTileShare'>> {
  const open = imageOpener({ files: true });
  const image = await open(scl);
  const { width, height } = image.info;
  let [tiles, maskedTiles, masked] = [0, 0, 0];
  for (let y = 0; y < height; y += TILE_SIDE_20M) {
    for (let x = 0; x < width; x += TILE_SIDE_20M) {
      const window = {
        x,
        y,
        width: Math.min(TILE_SIDE_20M, width - x),
        height: Math.min(TILE_SIDE_20M, height - y),
      };
      const { data } = await image.readWindow({ band: 1, level: 0, window });
      let dropped = 0;
      for (const value of data) if (DROPPED_CLASSES.includes(Number(value))) dropped++;
      tiles++;
      masked += dropped;
      if (dropped === data.length) maskedTiles++;
    }
  }
  await image.close();
  await open.close();
  return { maskedShare: masked / (width * height), maskedTileShare: maskedTiles / tiles };
}

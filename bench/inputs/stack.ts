import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Grid } from '@swath/geo';
import { benchItem } from './item.ts';
import { makeScene, type SceneFile, sceneGrid } from './make-scene.ts';

/** Dates of the stack: what the longest composite takes. */
export const STACK_DATES = 24;

/** Share of cloud from date to date: clear and dark ones in turn. */
const cloudShares = [0.05, 0.3, 0.15, 0.5, 0.0, 0.2];

const stackFiles: readonly SceneFile[] = ['B04', 'B08', 'SCL'];

/** Acquisitions of one place, ten days apart. */
export interface Stack {
  readonly size: number;
  readonly grid: Grid;
  /** STAC Items, oldest first: red, nir, scl. */
  readonly items: readonly string[];
  /** One Item whose assets `b1`, `b2`, ... are single bands of all dates. */
  readonly bandsItem: string;
}

/** Makes the stack in `<folder>/stack-<size>`, or finds it. */
export async function makeStack(parent: string, size: number, say: (line: string) => void): Promise<Stack> {
  const folder = join(parent, `stack-${size}`);
  const grid = sceneGrid(size, 10);
  const items: string[] = [];
  const bands: string[] = [];
  for (let date = 1; date <= STACK_DATES; date++) {
    const name = `d${String(date).padStart(2, '0')}`;
    const missing = stackFiles.filter((file) => !existsSync(join(folder, name, `${file}.tif`)));
    if (missing.length > 0) {
      say(`making date ${date} of ${STACK_DATES}, ${size} x ${size}, in ${folder}`);
      const cloudShare = cloudShares[date % cloudShares.length] ?? 0;
      await makeScene({ folder: join(folder, name), scene: { size, date, cloudShare }, files: missing });
    }
    const item = join(folder, `${name}.json`);
    const day = new Date(Date.UTC(2024, 0, 1 + date * 10)).toISOString().slice(0, 10);
    const assets = {
      red: { href: `./${name}/B04.tif`, commonName: 'red', resolutionM: 10 },
      nir: { href: `./${name}/B08.tif`, commonName: 'nir', resolutionM: 10 },
      scl: { href: `./${name}/SCL.tif`, resolutionM: 20 },
    } as const;
    await writeFile(item, JSON.stringify(benchItem({ id: `stack-${name}`, date: day, grid, assets })));
    items.push(item);
    bands.push(`./${name}/B04.tif`);
  }
  const bandsItem = join(folder, 'bands.json');
  const assets = Object.fromEntries(
    bands.map((href, i) => [`b${i + 1}`, { href, resolutionM: 10 as const }] as const),
  );
  await writeFile(
    bandsItem,
    JSON.stringify(benchItem({ id: 'stack-bands', date: '2024-01-01', grid, assets })),
  );
  return { size, grid, items, bandsItem };
}

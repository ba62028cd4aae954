import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { SwathError } from '@swath/core';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { EXPORT_GROUP_ITEMS, EXPORT_ITEMS } from '../limits.ts';
import { columnData, type ItemShapes, itemShapes, schemaOfItems } from './columns.ts';
import { type Item, parseItem } from './item.ts';

export interface ItemsFile {
  readonly items: number;
  /** There were more than `most`. */
  readonly truncated: boolean;
}

export interface ItemsFileOptions {
  /** @default EXPORT_ITEMS */
  readonly most?: number;
  /** Told now and then how many Items there are. */
  readonly onProgress?: (items: number) => void;
}

/**
 * STAC Items as one STAC GeoParquet file (stac-geoparquet 1.1): a column per field and per property, geometry as WKB,
 * `bbox` as a structure that GeoParquet 1.1 calls its covering. Fields that are of several types are JSON text.
 *
 * What the columns are is known when the last Item is seen, so Items first go into a file beside the one that is asked
 * for, a line each; memory holds one row group. The file appears whole, or not at all.
 *
 * @throws SwathError InvalidInput without an Item, and for what is no Item; what `items` throws.
 */
export async function writeStacGeoparquet(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  path: string,
  options: ItemsFileOptions = {},
): Promise<ItemsFile> {
  const target = resolve(path);
  const folder = await workFolder(target);
  try {
    const lines = join(folder, 'items.ndjson');
    const shapes = itemShapes();
    const truncated = await spool(items, lines, shapes, options);
    if (shapes.count === 0) {
      throw new SwathError('InvalidInput', 'There is no Item to write.', {
        fix: 'Widen the search: area, time, collections or cloud cover.',
      });
    }
    const made = join(folder, `${randomUUID()}.parquet`);
    await writeGroups(lines, made, shapes);
    await rename(made, target);
    return { items: shapes.count, truncated };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Beside the target: on the disk that has to have room for it anyway. */
async function workFolder(target: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(target), '.swath-items-'));
  } catch (cause) {
    throw new SwathError('InvalidInput', `The file ${target} cannot be written.`, {
      fix: 'Name a file in a folder that is there and that you may write to.',
      cause,
    });
  }
}

/** @returns whether there were more Items than `most`. */
async function spool(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  path: string,
  shapes: ItemShapes,
  { most = EXPORT_ITEMS, onProgress }: ItemsFileOptions,
): Promise<boolean> {
  const file = await open(path, 'w');
  try {
    let batch = '';
    for await (const value of items) {
      if (shapes.count >= most) {
        await file.appendFile(batch);
        return true;
      }
      const item = parseItem(value, shapes.count);
      shapes.add(item);
      batch += lineOf(item);
      if (shapes.count % EXPORT_GROUP_ITEMS !== 0) continue;
      await file.appendFile(batch);
      batch = '';
      onProgress?.(shapes.count);
    }
    await file.appendFile(batch);
    return false;
  } finally {
    await file.close();
  }
}

/** The reader of lines also ends them at the separators of Unicode, which JSON lets through. */
const lineOf = (item: Item): string =>
  `${JSON.stringify(item).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;

async function writeGroups(lines: string, path: string, shapes: ItemShapes): Promise<void> {
  const columns = shapes.columns();
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaOfItems(columns),
    kvMetadata: [
      { key: 'geo', value: JSON.stringify(shapes.geoMetadata()) },
      { key: 'stac-geoparquet', value: JSON.stringify({ version: '1.1.0' }) },
    ],
    createdBy: 'swath',
  });
  let group: Item[] = [];
  const write = async () => {
    await writer.write({ columnData: columnData(columns, group), rowGroupSize: EXPORT_GROUP_ITEMS });
    group = [];
  };
  const reader = createInterface({ input: createReadStream(lines), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of reader) {
    group.push(parseItem(JSON.parse(line), 0));
    if (group.length === EXPORT_GROUP_ITEMS) await write();
  }
  if (group.length > 0) await write();
  await writer.finish();
}

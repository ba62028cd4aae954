import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedPath } from '../../../test/support/shared.ts';

export interface RealItem {
  /** Path below the shared data folder. */
  readonly file: string;
  readonly item: Readonly<Record<string, unknown>>;
}

const root = sharedPath('data');

/** The Items of one file: an Item, a FeatureCollection, a list of either, or one of these per line. */
export function itemsOfFile(file: string): readonly RealItem[] {
  const text = readFileSync(join(root ?? '', file), 'utf8');
  const documents: unknown[] = file.endsWith('.ndjson')
    ? text
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
    : [JSON.parse(text)];
  return documents.flatMap(itemsIn).map((item) => ({ file, item }));
}

/** Every Item of the STAC versions 0.6 to 1.1 in the recordings and beside the imagery. */
export function allRealItems(): readonly RealItem[] {
  if (root === undefined) return [];
  const patterns = [
    '01-stac-recordings/{items,regressions}/**/*.{json,geojson,ndjson}',
    '03-imagery/scenes/**/*.json',
  ];
  return globSync(patterns, { cwd: root })
    .sort()
    .flatMap((file) => itemsOfFile(file));
}

function itemsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(itemsIn);
  if (typeof value !== 'object' || value === null || !('type' in value)) return [];
  if (value.type === 'FeatureCollection' && 'features' in value) return itemsIn(value.features);
  return value.type === 'Feature' ? [{ ...value }] : [];
}

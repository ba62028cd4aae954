import { isSwathError, SwathError } from '@swath/core';
import type { Grid } from '@swath/geo';
import { resolvePipeline } from '@swath/graph/pipeline';
import type { Objects } from '@swath/ports';
import { objectSource } from '@swath/products/object-source';
import type { OpenImage, RasterInfo } from '@swath/raster/image';
import {
  attributionOf,
  type Extent,
  extentOf,
  type Picturable,
  type ZoomRange,
  zoomRange,
} from '@swath/tiles';
import { LAYERS_MAX, LIST_PAGE, OPEN_AT_ONCE, RESULTS_KEPT } from './limits.ts';
import { pipelineOf, type ResultItem, readItem, readStatistics, yearsOf } from './result-documents.ts';

/** A published result, ready to be drawn. */
export interface ResultImage extends Picturable {
  readonly contentKey: string;
  /** Its last path segment in the API: the label, or `label~partial-...`. */
  readonly name: string;
  readonly title: string;
  readonly attribution: string;
  readonly extent: Extent;
  readonly zooms: ZoomRange;
  readonly info: RasterInfo;
  /** Of the COG: equal pixels, equal pictures. */
  readonly sha256: string;
}

export interface ResultImages {
  /** @throws SwathError NotFound, Corrupt. */
  open(contentKey: string, name: string): Promise<ResultImage>;
  /** All results under a content key, by name; of a result with missing parts and the whole one, the whole. */
  list(contentKey: string): Promise<readonly ResultImage[]>;
}

/** The label of a product, and behind `~` the name of what is missing from it. */
export const RESULT_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}(~partial-[0-9a-f]{12})?$/;

const folderOf = (contentKey: string, name: string) => `results/${contentKey}/${name.replace('~', '/')}/`;

/** Results of a bucket. What they say never changes and is remembered; pixels are read by range when needed. */
export function resultImages(
  results: Objects,
  { remote }: { /** A read takes a round trip. */ readonly remote: boolean },
): ResultImages {
  let opening: Promise<OpenImage> | undefined;
  const open: OpenImage = async (key, signal) => {
    opening ??= makeOpener(results, remote);
    return (await opening)(key, signal);
  };
  const known = new Map<string, Promise<ResultImage>>();

  async function load(contentKey: string, name: string): Promise<ResultImage> {
    const folder = folderOf(contentKey, name);
    const [item, statistics] = await Promise.all([
      readItem(results, folder),
      readStatistics(results, folder),
    ]);
    const { href: file, 'eo:bands': bands } = item.assets.data;
    const key = `${folder}${file.slice(2)}`;
    const stored = await results.head(key);
    if (stored === undefined) throw new SwathError('NotFound', 'The result has no image any more.');
    const { info } = await open(key);
    const grid = gridOf(info);
    const { ramp, range } = lookOf(item);
    return {
      contentKey,
      name,
      href: key,
      open,
      grid,
      scales: info.bands,
      levels: info.levels,
      look: {
        ramp,
        range,
        bands: bands.map((band) => {
          const counted = statistics[band.name];
          return { name: band.name, ...(counted === undefined ? {} : { statistics: counted }) };
        }),
      },
      title: item.properties.title ?? bands.map((band) => band.name).join(', '),
      attribution: attributionOf(
        item.properties['swath:radiometry'].map(({ collection }) => collection),
        yearsOf(item),
      ),
      extent: extentOf(grid),
      zooms: zoomRange(grid),
      info,
      sha256: stored.sha256,
    };
  }

  const openResult: ResultImages['open'] = (contentKey, name) => {
    const folder = folderOf(contentKey, name);
    const before = known.get(folder);
    if (before !== undefined) return before;
    const loading = load(contentKey, name);
    known.set(folder, loading);
    if (known.size > RESULTS_KEPT) known.delete(known.keys().next().value ?? '');
    loading.catch(() => known.delete(folder));
    return loading;
  };

  return {
    open: openResult,
    async list(contentKey) {
      const names = await namesUnder(results, contentKey);
      const images: ResultImage[] = [];
      for (let i = 0; i < names.length; i += OPEN_AT_ONCE) {
        const batch = names
          .slice(i, i + OPEN_AT_ONCE)
          .map((name) => openResult(contentKey, name).catch(unlessGone));
        for (const image of await Promise.all(batch)) if (image !== undefined) images.push(image);
      }
      return images;
    },
  };
}

/** The engine's reader over the bucket, loaded when the first result is opened. */
async function makeOpener(results: Objects, remote: boolean): Promise<OpenImage> {
  const { openerOver } = await import('@swath/raster/open-located');
  return openerOver(async (key) => {
    const source = await objectSource(results, key, 'the result');
    return { kind: 'source', source: remote ? { ...source, remote: true } : source };
  });
}

/** Retention takes the files of a result one after the other. */
function unlessGone(error: unknown): undefined {
  if (!isSwathError(error, 'NotFound')) throw error;
}

async function namesUnder(results: Objects, contentKey: string): Promise<readonly string[]> {
  const prefix = `results/${contentKey}/`;
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await results.list(prefix, { limit: LIST_PAGE, ...(after === undefined ? {} : { after }) });
    for (const { key } of page.objects) {
      if (key.endsWith('/item.json'))
        names.push(key.slice(prefix.length, -'/item.json'.length).replace('/', '~'));
    }
    after = page.next;
  } while (after !== undefined && names.length < LAYERS_MAX);
  const whole = new Set(names.filter((name) => !name.includes('~')));
  return names.filter(
    (name) => RESULT_NAME.test(name) && (whole.has(name) || !whole.has(name.split('~')[0] ?? '')),
  );
}

export function gridOf({ crs, geotransform, width, height }: RasterInfo): Grid {
  if (crs === null || geotransform === null)
    throw new SwathError('Corrupt', 'The image has no georeference.');
  return { crs, geotransform, width, height };
}

function lookOf(item: ResultItem): Pick<Picturable['look'], 'ramp' | 'range'> {
  const pipeline = pipelineOf(item);
  if (pipeline === undefined) return { ramp: 'viridis', range: null };
  const { ramp, range } = resolvePipeline(pipeline);
  return { ramp, range: range === null ? null : { min: range[0], max: range[1] } };
}

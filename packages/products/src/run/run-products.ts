import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SwathError } from '@swath/core';
import type { Zone } from '@swath/geo';
import { readItems } from '@swath/providers';
import type { Executor, OpenImage } from '@swath/raster';
import {
  type CheckedSpec,
  checkSpec,
  contentKey,
  type ProductResult,
  planRequest,
  type RequestPlan,
} from '@swath/requests';
import type { Scene } from '@swath/stac';
import { acquireScenes } from '../acquire/acquire-scenes.ts';
import { ITEMS_BYTES_MAX } from '../limits.ts';
import { productKeys } from '../publish/keys.ts';
import { makeProduct } from '../publish/publish-product.ts';
import { sourceOpener } from '../sources.ts';
import { absent, folderStore } from './folder-store.ts';
import { projFields, type RunReport, type RunResult, radiometryOf } from './report.ts';
import type { RunInput } from './run-input.ts';
import { selectScenes } from './select-scenes.ts';

/** The products of a request, made with this opener and executor, which are the caller's to close. */
export async function runProducts(
  input: RunInput,
  { open, executor }: { readonly open: OpenImage; readonly executor: Executor },
): Promise<RunReport> {
  const watch = stopwatch();
  const sources = sourceOpener({ ...input.read, files: true });
  const outDir = resolve(input.outDir);
  await mkdir(outDir, { recursive: true });
  // On the disk of the results: that is where room for them is.
  const scratchDir = await mkdtemp(join(outDir, '.swath-'));
  try {
    const checked = checkSpec(input.spec);
    const zones = zonesOf(checked);
    const found = await itemsOf(checked, input, sources.open);
    const { scenes, skipped } = selectScenes(checked, found);
    const items = watch.lap();
    input.onProgress?.({ stage: 'items', done: scenes.length, total: found.length });
    const acquired = await acquireScenes({
      scenes,
      spec: checked.spec,
      open,
      openSource: sources.open,
      mode: 'reference',
      onProgress: (done, total) => input.onProgress?.({ stage: 'acquire', done, total }),
      ...optionalSignal(input.signal),
    });
    const acquire = watch.lap();
    const plan = planRequest({ spec: checked.spec, aoi: checked.aoi, acquired });
    const planned = watch.lap();
    const key = contentKey(checked, scenes);
    const results: RunResult[] = [];
    for (const product of plan.products.keys()) {
      results.push(
        await productOf({ ...input, outDir }, plan, product, { key, open, executor, scratchDir, zones }),
      );
    }
    const sum = (stage: 'process' | 'publish') =>
      round(results.reduce((all, one) => all + one.seconds[stage], 0));
    const seconds = { items, acquire, plan: planned, process: sum('process'), publish: sum('publish') };
    const failed = acquired.failed.map(({ sceneIndex, message }) => ({
      scene: scenes[sceneIndex]?.id ?? String(sceneIndex),
      reason: message,
    }));
    return {
      contentKey: key,
      results,
      skipped: [...skipped, ...failed],
      warnings: plan.warnings,
      seconds: { ...seconds, total: watch.total() },
    };
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
    await sources.close();
  }
}

/** Zones of an earlier request are kept by the system it was sent to. */
function zonesOf({ spec, zones }: CheckedSpec): readonly Zone[] | undefined {
  if (zones !== null) return zones;
  if (spec.zones === undefined) return undefined;
  throw new SwathError('InvalidInput', 'The zones are those of an earlier request, which are not here.', {
    pointer: '/zones',
    fix: 'Give the FeatureCollection itself.',
  });
}

async function itemsOf(
  { spec }: CheckedSpec,
  { baseFolder, signal }: RunInput,
  openSource: ReturnType<typeof sourceOpener>['open'],
): Promise<readonly Scene[]> {
  if (spec.items === undefined) {
    throw new SwathError('InvalidInput', 'This request names a collection; here only named items are read.', {
      pointer: '/items',
      fix: 'List the Items in "items", or submit the request to a running system.',
    });
  }
  const readText = async (address: string): Promise<string> => {
    const source = await openSource(address);
    try {
      const sizeBytes = await source.size(signal);
      if (sizeBytes > ITEMS_BYTES_MAX) {
        throw new SwathError(
          'LimitExceeded',
          `${source.name} has ${sizeBytes} bytes, more than ${ITEMS_BYTES_MAX}.`,
        );
      }
      return new TextDecoder().decode(await source.read(0, sizeBytes, signal));
    } finally {
      await source.close();
    }
  };
  return await readItems(spec.items, {
    readText,
    localFolder: resolve(baseFolder),
    ...optionalSignal(signal),
  });
}

/** One product in one pass; its scratch files are gone afterwards. */
async function productOf(
  input: RunInput,
  plan: RequestPlan,
  index: number,
  run: {
    readonly key: string;
    readonly open: OpenImage;
    readonly executor: Executor;
    readonly scratchDir: string;
    readonly zones: readonly Zone[] | undefined;
  },
): Promise<RunResult> {
  const product = plan.products[index];
  if (product === undefined) throw new SwathError('Bug', `the plan has no product ${index}`);
  const watch = stopwatch();
  const folder = await mkdtemp(join(run.scratchDir, 'product-'));
  try {
    const old = join(folder, 'old');
    await setAside(input.outDir, productKeys('', product, [], { hasZones: true }), old);
    // Large files take their time to go.
    const removing = rm(old, { recursive: true });
    removing.catch(() => {}); // Met at the end.
    let processed = 0;
    const published = await makeProduct({
      plan,
      product: index,
      executor: run.executor,
      open: run.open,
      scratchDir: folder,
      results: folderStore(input.outDir),
      prefix: '',
      contentKey: run.key,
      ...(run.zones === undefined ? {} : { zones: run.zones }),
      created: new Date((input.now ?? Date.now)()).toISOString(),
      onProgress: (done, total) => {
        if (done === total) processed = watch.lap();
        input.onProgress?.({
          stage: 'process',
          done: index * total + done,
          total: plan.products.length * total,
        });
      },
      ...optionalSignal(input.signal),
    });
    await removing;
    input.onProgress?.({ stage: 'publish', done: index + 1, total: plan.products.length });
    return resultOf(published, input.outDir, plan, index, { process: processed, publish: watch.lap() });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Moves what an earlier run left into a new folder: the Item first, for a folder with an Item is complete. */
async function setAside(
  outDir: string,
  { item, ...others }: ReturnType<typeof productKeys>,
  folder: string,
): Promise<void> {
  await mkdir(folder);
  for (const [n, key] of [item, ...Object.values(others)].entries()) {
    await rename(join(outDir, key), join(folder, `${n}`)).catch(absent);
  }
}

function resultOf(
  { assets, ...published }: ProductResult,
  outDir: string,
  plan: RequestPlan,
  index: number,
  seconds: RunResult['seconds'],
): RunResult {
  const product = plan.products[index];
  if (product === undefined) throw new SwathError('Bug', `the plan has no product ${index}`);
  return {
    ...published,
    path: join(outDir, assets.cog),
    files: {
      item: join(outDir, assets.item),
      thumbnail: join(outDir, assets.thumbnail),
      statistics: join(outDir, assets.statistics),
      ...(assets.zones === undefined ? {} : { zones: join(outDir, assets.zones) }),
      ...(assets.zonesCsv === undefined ? {} : { zonesCsv: join(outDir, assets.zonesCsv) }),
    },
    proj: projFields(product.work.grid),
    radiometry: radiometryOf(plan, product),
    seconds,
  };
}

function stopwatch(): { readonly lap: () => number; readonly total: () => number } {
  const startedMs = performance.now();
  let lastMs = startedMs;
  return {
    lap: () => {
      const nowMs = performance.now();
      const seconds = round((nowMs - lastMs) / 1000);
      lastMs = nowMs;
      return seconds;
    },
    total: () => round((performance.now() - startedMs) / 1000),
  };
}

/** To milliseconds. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function optionalSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

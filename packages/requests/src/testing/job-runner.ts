import { isSwathError, sha256Hex } from '@swath/core';
import { gridFootprintWgs84 } from '@swath/geo';
import type { AttemptEnd, Objects, SubmitJob } from '@swath/ports';
import { buildResultItem } from '@swath/stac';
import type { AcquireManifest, ProcessManifest, PublishManifest } from '../manifest.ts';
import { exitCodes } from '../manifest.ts';
import { reportKeys } from '../names.ts';
import { chunksOfChild } from '../plan/children.ts';
import type { AcquiredScenes, ChunkResult, ProductPlan, ProductResult, RequestPlan } from '../product.ts';
import type { Reason } from '../reasons.ts';
import { testAcquired } from '../testing.ts';

/** How one run of one job child ends, besides well. */
export type Behaviour =
  /** Leaves a report that says so, and ends with the exit code. */
  | { readonly kind: 'fail'; readonly reason: Reason; readonly exitCode: number }
  /** Ends like this without any report. */
  | { readonly kind: 'die'; readonly end: AttemptEnd }
  /** Does all its work, and is then called failed. */
  | { readonly kind: 'work-then-die'; readonly end: AttemptEnd }
  /** Acquire: these scenes are gone at the provider. */
  | { readonly kind: 'lose-scenes'; readonly sceneIndexes: readonly number[] };

export interface Run {
  readonly stage: 'acquire' | 'process' | 'publish';
  readonly requestId: string;
  readonly attempt: number;
  /** Of the chunk; 0 for the other stages. */
  readonly chunk: number;
  /** 1 on the first try of the child. */
  readonly childAttempt: number;
}

export interface TestRunnerOptions {
  readonly work: Objects;
  readonly results: Objects;
  /** Of every file acquired: decides how many chunks a child makes. */
  readonly fileBytes: number;
  /** @default every run ends well */
  readonly behave?: (run: Run) => Behaviour | undefined;
}

/** Of every report. */
const testUse = { seconds: 1.5, cpuSeconds: 0.5, readBytes: 1000 };

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/**
 * The batch jobs without pixels: they read the real manifests and leave the real reports, under the same keys and with
 * the same create-only rule for final objects.
 */
export function testRunner(options: TestRunnerOptions) {
  const { work, results, fileBytes, behave = () => undefined } = options;
  // What the manifest writer wrote, a few lines above in the same process.
  const read = async <T>(key: string): Promise<T> =>
    JSON.parse(new TextDecoder().decode(await work.get(key))) as T;

  return async (
    job: SubmitJob,
    index: number,
    context: { readonly attempt: number },
  ): Promise<AttemptEnd> => {
    const manifest = await read<AcquireManifest | ProcessManifest | PublishManifest>(
      job.environment['SWATH_MANIFEST'] ?? '',
    );
    if (manifest.kind !== 'process') return (await runPart(manifest, 0, context.attempt)).end;
    let last: AttemptEnd = { exitCode: exitCodes.ok };
    for (const chunk of chunksOfChild(manifest, index)) {
      if (await isDone(manifest, chunk)) continue;
      const { end, next } = await runPart(manifest, chunk, context.attempt);
      if (next === 'end') return end;
      if (end.exitCode !== exitCodes.ok) last = end;
    }
    return last;
  };

  /** One report's worth of work, and whether a child makes its further chunks after it. */
  async function runPart(
    manifest: AcquireManifest | ProcessManifest | PublishManifest,
    chunk: number,
    childAttempt: number,
  ): Promise<{ readonly end: AttemptEnd; readonly next: 'go on' | 'end' }> {
    const { kind: stage, requestId, attempt, staging } = manifest;
    const ordered = behave({ stage, requestId, attempt, chunk, childAttempt });
    if (ordered?.kind === 'die') return { end: ordered.end, next: 'end' };
    const reportKey = stage === 'process' ? reportKeys.chunk(staging, chunk) : reportKeys[stage](staging);
    if (ordered?.kind === 'fail') {
      const { reason, exitCode } = ordered;
      const report = { ok: false, value: null, reason, message: `made to fail: ${reason}`, used: testUse };
      await work.put(reportKey, encode(report));
      // As the step does: what passes is left to another try of the child.
      return { end: { exitCode }, next: exitCode === exitCodes.temporary ? 'end' : 'go on' };
    }
    const value = await workOf(manifest, chunk, ordered);
    await work.put(reportKey, encode({ ok: true, value, reason: null, message: null, used: testUse }));
    const end = ordered?.kind === 'work-then-die' ? ordered.end : { exitCode: exitCodes.ok };
    return { end, next: 'go on' };
  }

  async function isDone({ staging }: ProcessManifest, chunk: number): Promise<boolean> {
    const key = reportKeys.chunk(staging, chunk);
    return (await work.head(key)) !== undefined && (await read<{ readonly ok: boolean }>(key)).ok;
  }

  async function workOf(
    manifest: AcquireManifest | ProcessManifest | PublishManifest,
    chunk: number,
    ordered: Behaviour | undefined,
  ): Promise<unknown> {
    if (manifest.kind === 'acquire') {
      return without(
        testAcquired(manifest.scenes, fileBytes),
        ordered?.kind === 'lose-scenes' ? ordered.sceneIndexes : [],
      );
    }
    if (manifest.kind === 'process') return processChunk(manifest, chunk);
    return publishProducts(manifest);
  }

  async function processChunk(manifest: ProcessManifest, chunk: number): Promise<ChunkResult> {
    const pixelsKey = `${manifest.staging}chunk-${chunk}.tif`;
    const { sha256 } = await work.put(pixelsKey, encode({ pixelsOf: chunk }));
    return { chunk, counts: testCounts, pixelsKey, sha256, seconds: 1 };
  }

  async function publishProducts(manifest: PublishManifest): Promise<ProductResult[]> {
    const plan = await read<RequestPlan>(manifest.plan);
    const products: ProductResult[] = [];
    for (const product of plan.products) {
      const { label, start, end, chunks } = product;
      const done = chunks.filter((chunk) => Object.hasOwn(manifest.chunkResults, chunk));
      if (done.length === 0) continue;
      const prefix = `results/${manifest.contentKey}/${label}`;
      const bytes = encode({ label, done });
      const zones =
        manifest.zones === undefined ? null : await read<readonly { id: string }[]>(manifest.zones);
      const assets = {
        ...(zones === null ? {} : { zones: `${prefix}.zones.json`, zonesCsv: `${prefix}.zones.csv` }),
        cog: `${prefix}.tif`,
        thumbnail: `${prefix}.png`,
        item: `${prefix}.json`,
        statistics: `${prefix}.statistics.json`,
      };
      const itemId = `${manifest.contentKey.slice(0, 12)}-${label}`;
      for (const key of [assets.cog, assets.thumbnail, assets.statistics]) await putFinal(key, bytes);
      if (zones !== null) {
        const rows = product.work.outputs.flatMap(({ name }) =>
          zones.map(({ id }, at) => ({ zone: id, band: name, ...testZone(at) })),
        );
        await putFinal(`${prefix}.zones.json`, encode({ label, start, end, rows }));
        await putFinal(`${prefix}.zones.csv`, encode(rows));
      }
      await putFinal(assets.item, encode(testItem(plan, product, itemId)));
      products.push({
        label,
        itemId,
        start,
        end,
        counts: testCounts,
        cloudPercent: 0,
        statistics: Object.fromEntries(product.work.outputs.map(({ name }) => [name, testStatistics])),
        assets,
        sha256: sha256Hex(bytes),
        sizeBytes: bytes.length,
        failedChunks: chunks.filter((one) => !done.includes(one)),
      });
    }
    return products;
  }

  /** Created once; the same bytes again are fine, others are not. */
  async function putFinal(key: string, bytes: Uint8Array): Promise<void> {
    try {
      await results.put(key, bytes, { ifAbsent: true });
    } catch (error) {
      if (!isSwathError(error, 'Conflict')) throw error;
      const there = await results.head(key);
      if (there?.sha256 !== sha256Hex(bytes)) throw error;
    }
  }
}

/** As if the files of these scenes were gone. */
function without(acquired: AcquiredScenes, sceneIndexes: readonly number[]): AcquiredScenes {
  return {
    scenes: acquired.scenes,
    assets: acquired.assets.filter((asset) => !sceneIndexes.includes(asset.sceneIndex)),
    failed: sceneIndexes.map((sceneIndex) => ({
      sceneIndex,
      reason: 'ASSET_MISSING',
      message: 'The file is not there (404).',
    })),
  };
}

/** The Item of a product, as publish writes it. */
function testItem(plan: RequestPlan, { work, stored, start, end, sceneIndexes }: ProductPlan, id: string) {
  const file = { href: './data.tif', sizeBytes: 1, sha256: '0'.repeat(64) };
  return buildResultItem({
    id,
    geometry: gridFootprintWgs84(work.grid).geometry,
    start,
    end,
    created: '2026-01-01T00:00:00.000Z',
    grid: work.grid,
    bands: work.outputs.map(({ name }) => ({ name, stored, statistics: testStatistics })),
    cloudCoverPercent: 0,
    processing: { lineage: 'Made by a test.', software: { swath: 'test' } },
    scenes: sceneIndexes.flatMap((index) => {
      const scene = plan.scenes[index];
      if (scene === undefined) return [];
      const { id: sceneId, collection, version } = scene;
      return [{ id: sceneId, collection, version, radiometry: plan.radiometry[index] ?? {} }];
    }),
    assets: { cog: file },
  });
}

const testStatistics = {
  count: 4,
  validPercent: 100,
  min: 0.1,
  max: 0.7,
  mean: 0.4,
  std: 0.2,
  percentiles: { p2: 0.1, p5: 0.1, p25: 0.25, p50: 0.4, p75: 0.55, p95: 0.7, p98: 0.7 },
  histogram: null,
} as const;

/** The first zone has no valid pixel, the others have some. */
const testZone = (at: number) => {
  const nothing = { min: null, max: null, mean: null, std: null, percentiles: null };
  const { histogram: _histogram, ...some } = testStatistics;
  const pixels = { pixels: 4, percentileError: 0 };
  if (at === 0) return { ...pixels, count: 0, validPercent: 0, sum: null, ...nothing };
  return { ...pixels, ...some, mean: 0.4 + at / 10, sum: 1.6 };
};

const testCounts = { total: 4, withData: 4, masked: 0, valid: 4 } as const;

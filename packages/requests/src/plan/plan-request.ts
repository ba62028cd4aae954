import { ENGINE_VERSION, SwathError } from '@swath/core';
import { type Bounds, type Grid, gridBounds, projectBbox } from '@swath/geo';
import { type SpectralSensor, sensorOfPlatform } from '@swath/graph/indices/sensors';
import { type ResolvedPipeline, resolvePipeline } from '@swath/graph/pipeline';
import type { BandInput, ProductOutput, SceneInput, TimeStep } from '@swath/raster';
import { decideRadiometry, type RadiometryDecision, type Scene, type SceneAsset } from '@swath/stac';
import type { PlanInput } from '../manifest.ts';
import type { AcquiredAsset, ChunkPlan, ProductPlan, RequestPlan } from '../product.ts';
import type { RequestSpec } from '../spec.ts';
import { assetKey, type NeededAssets, neededAssets } from './assets.ts';
import { chunkCount, chunkWindows } from './chunks.ts';
import { chooseGrid, intersection } from './grid.ts';
import { compressionGuess, maxChunks, maxProducts } from './limits.ts';
import { renameBands } from './rename.ts';
import { type DateGroup, groupByDay, labelOf, uniqueLabels } from './steps.ts';
import { storedType } from './stored.ts';

/** A scene that can be read: what is needed of it, and what the files said. */
interface ReadyScene {
  readonly index: number;
  readonly scene: Scene;
  readonly needed: NeededAssets;
  readonly files: ReadonlyMap<string, AcquiredAsset>;
}

/** The one sensor of these scenes, whose wavelengths an index may use; `other` where it is unknown or not one. */
function sensorOfScenes(scenes: readonly Scene[]): SpectralSensor | 'other' {
  const sensors = new Set(scenes.map(({ platform }) => sensorOfPlatform(platform) ?? 'other'));
  const [sensor = 'other'] = sensors;
  return sensors.size === 1 ? sensor : 'other';
}

/**
 * Everything a request will do, decided before any pixel is read.
 * @throws SwathError InvalidInput (no usable scene, unknown band, area beside the imagery), LimitExceeded.
 */
export function planRequest({ spec, aoi, acquired }: PlanInput): RequestPlan {
  const pipeline = resolvePipeline(spec.pipeline, '/pipeline', sensorOfScenes(acquired.scenes));
  const ready = readyScenes(spec, pipeline, acquired);
  const grid = chooseGrid({ spec, aoi, scenes: ready.map(bandGrids) });
  const inside = ready.filter((scene) => meets(scene, grid));
  const radiometry = acquired.scenes.map((_, index) =>
    decisions(
      spec,
      ready.find((scene) => scene.index === index),
    ),
  );
  const groups = groupByDay(
    spec,
    acquired.scenes,
    inside.map(({ index }) => index),
  );
  const steps = groups.map((group) => timeStep(group, inside, radiometry, acquired.scenes));
  const outputs = plainOutputs(pipeline);
  const sets = spec.composite === 'none' ? groups.map((_, i) => [i]) : [groups.map((_, i) => i)];
  limitSize(sets.length, grid);
  const windows = chunkWindows(grid);
  const labels = uniqueLabels(sets.map((set) => productLabel(set, groups, acquired.scenes)));
  const products = sets.map((set, product): ProductPlan => {
    const sceneIndexes = set.flatMap((i) => groups[i]?.sceneIndexes ?? []);
    return {
      label: labels[product] ?? `product-${product}`,
      ...span(sceneIndexes, acquired.scenes),
      sceneIndexes,
      work: {
        grid,
        steps: set.flatMap((i) => steps[i] ?? []),
        outputs,
        composite: spec.composite,
        resampling: (spec.grid === 'native' ? undefined : spec.grid.resampling) ?? 'nearest',
        ...(aoi?.clip ? { clip: aoi.geometry } : {}),
      },
      stored: storedType(spec),
      chunks: windows.map((_, i) => product * windows.length + i),
    };
  });
  const chunks = products.flatMap((_, product) => windows.map((window): ChunkPlan => ({ product, window })));
  return {
    engineVersion: ENGINE_VERSION,
    spec,
    aoi,
    scenes: acquired.scenes,
    products,
    chunks,
    radiometry,
    warnings: warnings(ready, inside, acquired),
    estimate: estimate(inside, grid, products.length * outputs.length, spec),
  };
}

function readyScenes(
  spec: RequestSpec,
  pipeline: ResolvedPipeline,
  acquired: PlanInput['acquired'],
): readonly ReadyScene[] {
  const failed = new Set(acquired.failed.map(({ sceneIndex }) => sceneIndex));
  const ready = acquired.scenes.flatMap((scene, index): ReadyScene[] => {
    if (failed.has(index)) return [];
    const files = acquired.assets.filter((asset) => asset.sceneIndex === index);
    return [
      {
        index,
        scene,
        needed: neededAssets(spec, pipeline, scene),
        files: new Map(files.map((asset) => [assetKey(asset), asset])),
      },
    ];
  });
  if (ready.length > 0) return ready;
  const why = acquired.failed[0]?.message;
  throw new SwathError(
    'InvalidInput',
    `None of the ${acquired.scenes.length} scenes can be used${why ? `: ${why}` : '.'}`,
    {
      pointer: spec.items === undefined ? '/collections' : '/items',
      fix: 'Check that the files exist and can be read, or choose other scenes.',
    },
  );
}

function fileOf(ready: ReadyScene, asset: SceneAsset): AcquiredAsset {
  const file = ready.files.get(assetKey(asset));
  if (file === undefined)
    throw new SwathError('Bug', `asset ${asset.key} of scene ${ready.scene.id} was not acquired`);
  return file;
}

function bandGrids(ready: ReadyScene): readonly Grid[] {
  return Object.values(ready.needed.bands).map((asset) => fileOf(ready, asset).grid);
}

function meets(ready: ReadyScene, grid: Grid): boolean {
  const target = gridBounds(grid);
  return bandGrids(ready).some((source) => {
    const box: Bounds = projectBbox(gridBounds(source), source.crs, grid.crs);
    return intersection(box, target) !== null;
  });
}

function decisions(
  spec: RequestSpec,
  ready: ReadyScene | undefined,
): Readonly<Record<string, RadiometryDecision>> {
  if (ready === undefined) return {};
  const decided = Object.entries(ready.needed.bands).map(([band, asset]) => {
    const file = fileOf(ready, asset);
    const answer = decideRadiometry({
      scene: ready.scene,
      asset,
      file: { scale: file.fileScale, offset: file.fileOffset, minDn: file.minDn, dtype: file.dtype },
      wish: spec.radiometry,
    });
    return [band, answer] as const;
  });
  return Object.fromEntries(decided);
}

function timeStep(
  group: DateGroup,
  ready: readonly ReadyScene[],
  radiometry: RequestPlan['radiometry'],
  scenes: readonly Scene[],
): TimeStep {
  const inputs = group.sceneIndexes.flatMap((index) => {
    const scene = ready.find((candidate) => candidate.index === index);
    return scene === undefined ? [] : [sceneInput(scene, radiometry[index] ?? {})];
  });
  return {
    label: group.day === '' ? (scenes[group.sceneIndexes[0] ?? -1]?.id ?? '') : group.day,
    scenes: inputs,
  };
}

function sceneInput(ready: ReadyScene, radiometry: Readonly<Record<string, RadiometryDecision>>): SceneInput {
  const bands = Object.entries(ready.needed.bands).map(([band, asset]): [string, BandInput] => {
    const file = fileOf(ready, asset);
    const nodata = nodataOf(ready.scene, asset, file);
    const { scale, offset } = radiometry[band] ?? { scale: 1, offset: 0 };
    return [
      band,
      { href: file.href, bandIndex: file.bandIndex, scale, offset, ...(nodata === null ? {} : { nodata }) },
    ];
  });
  const { mask } = ready.needed;
  return {
    id: ready.scene.id,
    bands: Object.fromEntries(bands),
    ...(mask === null
      ? {}
      : { mask: { href: fileOf(ready, mask.asset).href, bandIndex: mask.asset.bandIndex, rule: mask.rule } }),
  };
}

/** The file wins over the Item; a bare GeoTIFF's nodata in the request wins over the file. */
function nodataOf(scene: Scene, asset: SceneAsset, file: AcquiredAsset): number | 'nan' | null {
  const bare = scene.itemHref === undefined;
  if (bare && asset.nodata !== undefined) return asset.nodata;
  return file.nodata ?? asset.nodata ?? null;
}

/** Outputs in the names the bands are looked up by, so that spelling does not matter any more. */
export function plainOutputs(pipeline: ResolvedPipeline): readonly ProductOutput[] {
  const names = new Map(pipeline.bands.map(({ name, band }) => [name, band]));
  return pipeline.outputs.map(({ name, expression }) => ({
    name,
    expression: renameBands(expression, names),
  }));
}

function productLabel(
  set: readonly number[],
  groups: readonly DateGroup[],
  scenes: readonly Scene[],
): string {
  const first = groups[set[0] ?? -1];
  const last = groups[set.at(-1) ?? -1];
  if (first === undefined || last === undefined) return 'empty';
  if (set.length === 1)
    return first.day === '' ? labelOf(scenes[first.sceneIndexes[0] ?? -1]?.id ?? '') : first.day;
  return first.day === '' || last.day === '' ? 'composite' : `${first.day}_${last.day}`;
}

function span(indexes: readonly number[], scenes: readonly Scene[]): Pick<ProductPlan, 'start' | 'end'> {
  const times = indexes
    .flatMap((index) => scenes[index]?.datetime ?? [])
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  return { start: times[0] ?? null, end: times.at(-1) ?? null };
}

function limitSize(products: number, grid: Grid): void {
  if (products === 0) {
    throw new SwathError('InvalidInput', 'None of the scenes meets the area.', {
      pointer: '/aoi',
      fix: 'Choose an area or grid.bounds inside the imagery.',
    });
  }
  if (products > maxProducts) {
    throw new SwathError('LimitExceeded', `The request has ${products} dates; the limit is ${maxProducts}.`, {
      pointer: '/datetime',
      fix: 'Choose a shorter interval, or a composite.',
    });
  }
  const chunks = products * chunkCount(grid);
  if (chunks > maxChunks) {
    throw new SwathError(
      'LimitExceeded',
      `The request needs ${chunks} chunks of work; the limit is ${maxChunks}.`,
      {
        pointer: '/aoi',
        fix: 'Choose a smaller area, a coarser resolution or a shorter interval.',
      },
    );
  }
}

function warnings(
  ready: readonly ReadyScene[],
  inside: readonly ReadyScene[],
  acquired: PlanInput['acquired'],
): readonly string[] {
  const id = (index: number) => acquired.scenes[index]?.id ?? String(index);
  return [
    ...acquired.failed.map((failure) => `Scene ${id(failure.sceneIndex)} is left out: ${failure.message}`),
    ...ready
      .filter((scene) => !inside.includes(scene))
      .map(({ scene }) => `Scene ${scene.id} does not meet the area.`),
    ...inside
      .filter(({ needed }) => needed.unmasked)
      .map(({ scene }) => `Scene ${scene.id} has no quality band: its clouds are not masked.`),
    ...acquired.assets.flatMap((asset) =>
      asset.warnings.map((warning) => `Scene ${id(asset.sceneIndex)}, ${asset.key}: ${warning}`),
    ),
  ];
}

/** Bytes of the files' share inside the grid, and of the outputs after compression: an order of magnitude, not a bill. */
function estimate(
  inside: readonly ReadyScene[],
  grid: Grid,
  planes: number,
  spec: RequestSpec,
): RequestPlan['estimate'] {
  const target = gridBounds(grid);
  let inputBytes = 0;
  for (const ready of inside) {
    for (const file of ready.files.values()) {
      const box = projectBbox(gridBounds(file.grid), file.grid.crs, grid.crs);
      const shared = intersection(box, target);
      inputBytes += shared === null ? 0 : file.sizeBytes * Math.min(1, area(shared) / area(box));
    }
  }
  const pixels = grid.width * grid.height * planes;
  const sampleBytes = { float32: 4, int32: 4, int16: 2, uint16: 2, uint8: 1 }[spec.output.dtype];
  return {
    inputBytes: Math.round(inputBytes),
    outputBytes: Math.round(pixels * sampleBytes * compressionGuess),
    pixels,
  };
}

function area([minX, minY, maxX, maxY]: Bounds): number {
  return (maxX - minX) * (maxY - minY);
}

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { linearFit } from './fit.ts';
import { resultsFolder } from './job-result.ts';
import { type Panel, scatterSvg } from './plot.ts';
import { markdownTable, megabytes } from './table.ts';

const point = z.object({
  /** What grows: Mpixel, bands, or dates. */
  x: z.number(),
  wallS: z.number(),
  cpuS: z.number(),
  peakBytes: z.number().nullable(),
});

export type ScalingPoint = z.output<typeof point>;

const traffic = z.object({ requests: z.number(), bytes: z.number() });

const cloudy = z.object({
  size: z.number(),
  /** Share of the pixels the mask drops or that have no data, and of the tiles in which that is all of them. */
  maskedShare: z.number(),
  maskedTileShare: z.number(),
  /** The two bands and SCL together, with the mask and without. */
  withMask: z.object({ bands: traffic, scl: traffic }),
  withoutMask: z.object({ bands: traffic, scl: traffic }),
});

export type CloudyResult = z.output<typeof cloudy>;

const scaling = z.object({
  size: z.number(),
  stackSize: z.number(),
  runs: z.number(),
  cores: z.number(),
  pixels: z.array(point).min(2),
  bands: z.array(point).min(2),
  dates: z.array(point).min(2),
  cloudy,
});

export type ScalingResult = z.output<typeof scaling>;

const jsonPath = join(resultsFolder, 'scaling.json');

export async function loadScaling(): Promise<ScalingResult | undefined> {
  if (!existsSync(jsonPath)) return undefined;
  return scaling.parse(JSON.parse(await readFile(jsonPath, 'utf8')));
}

export async function saveScaling(result: ScalingResult): Promise<void> {
  await mkdir(resultsFolder, { recursive: true });
  await writeFile(jsonPath, `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(join(resultsFolder, 'scaling.svg'), scalingSvg(result));
}

const axes = [
  { key: 'pixels', title: 'Pixels', x: 'Mpixel' },
  { key: 'bands', title: 'Bands', x: 'input bands' },
  { key: 'dates', title: 'Dates', x: 'dates in the median' },
] as const;

export function scalingSvg(result: ScalingResult): string {
  const panels: Panel[] = axes.map(({ key, title, x }) => ({
    title,
    xLabel: x,
    yLabel: 'seconds',
    series: [
      { name: 'wall', colour: '#1b6ca8', points: result[key].map((p) => [p.x, p.wallS] as const) },
      { name: 'CPU', colour: '#d1603d', points: result[key].map((p) => [p.x, p.cpuS] as const) },
    ],
  }));
  return scatterSvg(panels);
}

export function scalingMarkdown(result: ScalingResult): string {
  const parts = ['![Seconds over pixels, bands and dates](results/scaling.svg)', ''];
  for (const { key, x } of axes) {
    const points = result[key];
    const wall = linearFit(points.map((p) => [p.x, p.wallS]));
    const cpu = linearFit(points.map((p) => [p.x, p.cpuS]));
    const rows = points.map((p) => [
      String(Number(p.x.toFixed(1))),
      p.wallS.toFixed(2),
      p.cpuS.toFixed(2),
      p.peakBytes === null ? '?' : megabytes(p.peakBytes),
    ]);
    parts.push(
      markdownTable([x, 'wall s', 'CPU s', 'peak MB'], rows),
      '',
      `Straight line: wall ${line(wall.intercept, wall.slope, x)} (R2 ${wall.r2.toFixed(3)}); CPU ${line(cpu.intercept, cpu.slope, x)} (R2 ${cpu.r2.toFixed(3)}).`,
      '',
    );
  }
  parts.push(
    `Medians of ${result.runs} runs on ${result.cores} cores. Pixels: squares of the ${result.size} x ${result.size} inputs. Bands and dates: ${result.stackSize} x ${result.stackSize} pixels.`,
    '',
    cloudyMarkdown(result.cloudy),
  );
  return parts.join('\n');
}

function line(intercept: number, slope: number, unit: string): string {
  return `${intercept.toFixed(2)} s + ${slope.toPrecision(3)} s x ${unit}`;
}

function cloudyMarkdown({ size, maskedShare, maskedTileShare, withMask, withoutMask }: CloudyResult): string {
  const row = (name: string, with_: z.output<typeof traffic>, without: z.output<typeof traffic>) => [
    name,
    `${without.requests} / ${megabytes(without.bytes)}`,
    `${with_.requests} / ${megabytes(with_.bytes)}`,
    without.bytes === 0 ? '-' : percent(1 - with_.bytes / without.bytes),
  ];
  const sum = ({ bands, scl }: CloudyResult['withMask']) => ({
    requests: bands.requests + scl.requests,
    bytes: bands.bytes + scl.bytes,
  });
  return [
    `A cloudy scene over HTTP, ${size} x ${size}: the mask leaves no pixel in ${percent(maskedTileShare)} of its 1024 x 1024 tiles (${percent(maskedShare)} of all pixels).`,
    '',
    markdownTable(
      ['', 'all bands read: requests / MB', 'mask first: requests / MB', 'bytes saved'],
      [
        row('red and nir', withMask.bands, withoutMask.bands),
        row('SCL', withMask.scl, withoutMask.scl),
        row('together', sum(withMask), sum(withoutMask)),
      ],
    ),
  ].join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

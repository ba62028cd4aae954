import { imageOpener, type ProductWork, parseExpression, processWindow } from '@swath/raster';
import type { AoiRun } from '../report/aoi-report.ts';

/** Pixels to a side. */
export const SIZE = 512;
export const WINDOWS = [
  { x: 5000, y: 6000 },
  { x: 7000, y: 2900 },
] as const;

/** Computes the windows from files of a server, one after the other. */
export async function measureWindows(origin: string): Promise<AoiRun> {
  const href = (name: string): string => `${origin}/${name}.tif`;
  const out: AoiRun = { ms: [], cpuMs: [], valid: [], mean: [] };
  // Loaded when first needed, which here would be within the time that leaves imports out.
  await import('@swath/http/connections');
  const open = imageOpener({ allowHttp: true });
  try {
    for (const { x, y } of WINDOWS) {
      const start = performance.now();
      const cpu = process.cpuUsage();
      const { planes, counts } = await processWindow(work(href), { x, y, width: SIZE, height: SIZE }, open);
      out.ms.push(performance.now() - start);
      const used = process.cpuUsage(cpu);
      out.cpuMs.push((used.user + used.system) / 1000);
      out.valid.push(counts.valid);
      out.mean.push(meanOf(planes[0]));
    }
  } finally {
    await open.close();
  }
  return out;
}

const band = { bandIndex: 1, scale: 1, offset: 0 } as const;
function work(href: (name: string) => string): ProductWork {
  return {
    grid: {
      crs: 'EPSG:32631',
      geotransform: [499_980, 10, 0, 5_000_040, 0, -10],
      width: 10_980,
      height: 10_980,
    },
    steps: [
      {
        label: '2026-01-01',
        scenes: [
          {
            id: 'bench',
            bands: { red: { ...band, href: href('B04') }, nir: { ...band, href: href('B08') } },
            mask: { href: href('SCL'), bandIndex: 1, rule: { classes: [0, 1, 3, 8, 9, 10] } },
          },
        ],
      },
    ],
    outputs: [{ name: 'ndvi', expression: parseExpression('(nir - red) / (nir + red)') }],
    composite: 'none',
    resampling: 'nearest',
  };
}

/** Without garbage, which the next window would pay for. */
function meanOf(plane: Float32Array = new Float32Array(0)): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < plane.length; i++) {
    if (!Number.isFinite(plane[i])) continue;
    sum += plane[i]!;
    count++;
  }
  return sum / count;
}

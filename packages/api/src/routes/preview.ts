import { SwathError } from '@swath/core';
import { gridBounds, projectBbox, WGS84 } from '@swath/geo';
import type { PictureFormat } from '@swath/raster/picture/encode';
import { stretchRange } from '@swath/raster/picture/render';
import type { LivePreview } from '@swath/requests';
import { engine, mediaTypeOf, type Picture, paint, pictureFormat, planDrawing } from '@swath/tiles';
import * as z from 'zod';
import { exampleRequest } from '../example.ts';
import { answerBytes, encoded } from '../pictures/answer.ts';
import { LIVE_SIDE_DEFAULT, LIVE_SIDE_MAX } from '../pictures/limits.ts';
import { picturesOf } from '../pictures/own.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { drawFields, formatField } from '../schemas/pictures.ts';
import { requestSpec } from '../schemas/spec.ts';

const liveQuery = z.strictObject({
  width: z
    .string()
    .optional()
    .describe(`Pixels of the longer side, at most ${LIVE_SIDE_MAX}; default ${LIVE_SIDE_DEFAULT}.`),
  format: formatField,
  rescale: drawFields.rescale,
  colormap_name: drawFields.colormap_name,
  colormap: drawFields.colormap,
});
type LiveQuery = z.output<typeof liveQuery>;

function sideOf(width: string | undefined): number {
  if (width === undefined) return LIVE_SIDE_DEFAULT;
  const side = /^[1-9]\d{0,4}$/.test(width) ? Number(width) : Number.NaN;
  if (side >= 16 && side <= LIVE_SIDE_MAX) return side;
  throw new SwathError('InvalidInput', `width=${width.slice(0, 20)} is not possible.`, {
    pointer: '/width',
    fix: `Ask for 16 to ${LIVE_SIDE_MAX} pixels.`,
  });
}

/** Colours of computed bands: three are red, green and blue, otherwise the first is shown. */
async function draw(
  call: Call,
  live: LivePreview,
  { rescale, colormap_name, colormap }: LiveQuery,
  signal: AbortSignal,
): Promise<Picture> {
  const { ramp, range, bands, work } = live;
  const look = { ramp, range, bands: bands.map((name) => ({ name })) };
  const drawing = planDrawing({ rescale, colormap_name, colormap }, look);
  const shown = work.outputs.slice(0, drawing.outputs.length);
  const { width, height } = work.grid;
  const window = { x: 0, y: 0, width, height };
  const { processWindow } = await engine();
  const { planes } = await processWindow(
    { ...work, outputs: shown },
    window,
    picturesOf(call).openScene,
    signal,
  );
  const ranges = drawing.ranges.map((wish, i) =>
    wish === 'auto' ? (stretchRange(planes[i] ?? new Float32Array(0)) ?? { min: 0, max: 1 }) : wish,
  );
  return { width, height, rgba: paint({ planes, ranges, colours: drawing.colours }, width * height) };
}

/** Facts beside the picture, short enough for headers. */
function factsOf({ work, scenes, label, warnings }: LivePreview): Record<string, string> {
  const bounds = projectBbox(gridBounds(work.grid), work.grid.crs, WGS84);
  const ids = scenes.map((id) => encodeURIComponent(id)).join(', ');
  return {
    'Swath-Bbox': bounds.map((degrees) => degrees.toFixed(6)).join(','),
    'Swath-Crs': work.grid.crs.replaceAll(/[^\x20-\x7e]/g, ' '),
    'Swath-Label': encodeURIComponent(label),
    'Swath-Scenes': ids.slice(0, 1000),
    'Swath-Warnings': String(warnings.length),
  };
}

export const previewRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/preview',
    operationId: 'previewRequest',
    tag: 'Pictures',
    summary: 'See a request before sending it',
    description:
      'The body of a request; the answer is a picture of the day with the fewest clouds (for a composite: of the four clearest days), computed from overviews in EPSG:3857 (or the request’s own CRS). Nothing is stored.',
    auth: 'viewer',
    query: liveQuery,
    repeated: ['rescale'],
    document: requestSpec,
    example: exampleRequest,
    answer: {
      status: 200,
      description: 'The picture.',
      schema: z.string().meta({ format: 'binary' }),
      contentType: mediaTypeOf.png,
      headers: {
        'Swath-Bbox': 'west,south,east,north of the picture, degrees.',
        'Swath-Crs': 'CRS of the picture.',
        'Swath-Label': 'Date, or first and last date.',
        'Swath-Scenes': 'Ids of the scenes.',
        'Swath-Warnings': 'How many things a plan would warn of.',
      },
    },
    problems: [404, 413, 415, 422],
    async handle({ document, query }, call) {
      const format: PictureFormat = pictureFormat(query.format ?? 'png');
      const side = sideOf(query.width);
      const live = await picturesOf(call).planLive(
        call.identity.project,
        document,
        side,
        call.request.signal,
      );
      const bytes = await encoded(call, format, (signal) => draw(call, live, query, signal));
      // Tomorrow there may be a clearer day.
      return await answerBytes(call, bytes, {
        'Content-Type': mediaTypeOf[format],
        'Cache-Control': 'no-store',
        ...factsOf(live),
      });
    },
  }),
];

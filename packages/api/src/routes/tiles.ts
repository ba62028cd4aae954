import {
  drawGrid,
  drawTile,
  parsePoint,
  parseTileAddress,
  pictureFormat,
  planDrawing,
  planValues,
  previewGrid,
  type TileAddress,
  tileJson,
  valuesAt,
} from '@swath/tiles';
import * as z from 'zod';
import { templateOf } from '../pictures/addresses.ts';
import { answerPicture, etagOf } from '../pictures/answer.ts';
import { PICTURE_CACHE } from '../pictures/limits.ts';
import { ownImage, picturesOf } from '../pictures/own.ts';
import type { ResultImage } from '../pictures/result-images.ts';
import { infoOf, statisticsOf } from '../pictures/titiler.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import {
  drawRepeated,
  infoAnswer,
  pointAnswer,
  pointQuery,
  previewQuery,
  statisticsAnswer,
  tileJsonAnswer,
  tileJsonQuery,
  tileQuery,
} from '../schemas/pictures.ts';

export const resultParams = z.object({
  contentKey: z
    .string()
    .regex(/^[\p{L}\p{N}_.:~+-]{1,200}$/u, 'a content key, or the id of a collection')
    .describe('Content key of a request; or a collection of the project itself, such as of uploads.'),
  label: z
    .string()
    .regex(/^[^\p{C}/\\]{1,200}$/u, 'the label of a result, or the id of an Item')
    .describe(
      'Of the product; `label~partial-...` for one with missing parts. In a collection: the id of an Item.',
    ),
});

const kept = { 'Cache-Control': PICTURE_CACHE };
const picture = {
  schema: z.string().meta({ format: 'binary' }),
  headers: {
    ETag: 'Changes with what decides the picture.',
    'Cache-Control': 'Pictures of results never change.',
  },
};
const pictureHeaders = { 'If-None-Match': 'ETag of the copy you have.' };
const pictureAnswers = {
  '302': { description: 'Where a large picture lies.', headers: { Location: 'A link that expires.' } },
  '304': { description: 'You have it already.' },
};

type TileQuery = z.output<typeof tileQuery>;

/** The picture of one tile; shared by XYZ and WMTS. */
export async function answerTile(
  call: Call,
  image: ResultImage,
  tile: TileAddress,
  query: TileQuery,
): Promise<Response> {
  const drawing = planDrawing(query, image.look);
  const etag = etagOf({ sha256: image.sha256, tile, query });
  return await answerPicture(call, { etag, format: tile.format }, async (signal) => {
    const decided = await picturesOf(call).decide(image, drawing, signal);
    return await drawTile(image, image.extent, tile, decided, signal);
  });
}

const tileRoute = defineRoute({
  method: 'GET',
  path: '/tiles/{contentKey}/{label}/{z}/{x}/{y}',
  operationId: 'getTile',
  tag: 'Pictures',
  summary: 'A map tile',
  description:
    'XYZ in WebMercatorQuad. Without data, and beside the result, a tile is transparent (white as JPEG). A tile that cannot be drawn is a problem, which is not to be kept.',
  auth: 'viewer',
  params: z.object({
    ...resultParams.shape,
    z: z.string().describe('Zoom, 0 to 24.'),
    x: z.string().describe('Column from the west.'),
    y: z
      .string()
      .describe('Row from the north, with extension: `5.png`, `5.webp`, `5.jpg`; `5@2x.png` for 512 pixels.'),
  }),
  query: tileQuery,
  repeated: drawRepeated,
  headers: pictureHeaders,
  answer: { status: 200, description: 'The tile.', contentType: 'image/png', ...picture },
  otherAnswers: pictureAnswers,
  problems: [404, 422],
  async handle({ params, query }, call) {
    const tile = parseTileAddress(params);
    return await answerTile(call, await ownImage(call, params.contentKey, params.label), tile, query);
  },
});

const tileJsonRoute = defineRoute({
  method: 'GET',
  path: '/tiles/{contentKey}/{label}/tilejson.json',
  operationId: 'getTileJson',
  tag: 'Pictures',
  summary: 'TileJSON of a result',
  description: 'TileJSON 3.0 with the address of the tiles; what the query says of the picture goes into it.',
  auth: 'viewer',
  params: resultParams,
  query: tileJsonQuery,
  repeated: drawRepeated,
  answer: { status: 200, description: 'The document.', schema: tileJsonAnswer },
  problems: [404],
  async handle({ params, query }, call) {
    const { format = 'png', tile_scale: scale, ...draw } = query;
    const image = await ownImage(call, params.contentKey, params.label);
    // What tiles would refuse is refused here, where people look.
    planDrawing(draw, image.look);
    pictureFormat(format);
    const suffix = `${scale === '2' ? '@2x' : ''}.${format}`;
    const carried = { ...draw, ...call.carried };
    const tiles = [templateOf(call.baseUrl, params, `{z}/{x}/{y}${suffix}`, carried)];
    const about = { name: `${image.title}, ${image.name}`, attribution: image.attribution, tiles };
    return { value: tileJson(image.extent, image.zooms, about), headers: kept };
  },
});

const previewRoute = defineRoute({
  method: 'GET',
  path: '/tiles/{contentKey}/{label}/preview',
  operationId: 'getResultPreview',
  tag: 'Pictures',
  summary: 'A picture of a result',
  description:
    'The whole result or a box of it, as large as asked for, up to 2048 pixels. Nodata is transparent (white as JPEG).',
  auth: 'viewer',
  params: resultParams,
  query: previewQuery,
  repeated: drawRepeated,
  headers: pictureHeaders,
  answer: { status: 200, description: 'The picture.', contentType: 'image/png', ...picture },
  otherAnswers: pictureAnswers,
  problems: [404, 422],
  async handle({ params, query }, call) {
    const { format: word = 'png', width, height, max_size, bbox, dst_crs, ...draw } = query;
    const format = pictureFormat(word);
    const image = await ownImage(call, params.contentKey, params.label);
    const drawing = planDrawing(draw, image.look);
    const grid = previewGrid(image.grid, { width, height, max_size, bbox, dst_crs });
    const etag = etagOf({ sha256: image.sha256, grid, format, draw });
    return await answerPicture(call, { etag, format }, async (signal) => {
      const decided = await picturesOf(call).decide(image, drawing, signal);
      return await drawGrid(image, grid, decided, signal);
    });
  },
});

const infoRoute = defineRoute({
  method: 'GET',
  path: '/tiles/{contentKey}/{label}/info',
  operationId: 'getResultInfo',
  tag: 'Pictures',
  summary: 'Bands, grid and zooms of a result',
  description: 'Fields are those of TiTiler and rio-tiler.',
  auth: 'viewer',
  params: resultParams,
  answer: { status: 200, description: 'The facts.', schema: infoAnswer },
  problems: [404],
  async handle({ params }, call) {
    return { value: infoOf(await ownImage(call, params.contentKey, params.label)), headers: kept };
  },
});

const statisticsRoute = defineRoute({
  method: 'GET',
  path: '/tiles/{contentKey}/{label}/statistics',
  operationId: 'getResultBandStatistics',
  tag: 'Pictures',
  summary: 'Statistics of a result’s bands',
  description:
    'Of all pixels of full resolution, counted when the result was made. Fields are those of TiTiler.',
  auth: 'viewer',
  params: resultParams,
  answer: { status: 200, description: 'By band: b1, b2, ...', schema: statisticsAnswer },
  problems: [404],
  async handle({ params }, call) {
    return { value: statisticsOf(await ownImage(call, params.contentKey, params.label)), headers: kept };
  },
});

const pointRoute = defineRoute({
  method: 'GET',
  path: '/tiles/{contentKey}/{label}/point/{point}',
  operationId: 'getResultPoint',
  tag: 'Pictures',
  summary: 'Values at a place',
  description: 'Of the pixel of full resolution under it; null where there is no valid one.',
  auth: 'viewer',
  params: z.object({ ...resultParams.shape, point: z.string().describe('lon,lat in degrees.') }),
  query: pointQuery,
  repeated: drawRepeated,
  answer: { status: 200, description: 'The values.', schema: pointAnswer },
  problems: [404],
  async handle({ params, query }, call) {
    const [lon, lat] = parsePoint(params.point);
    const image = await ownImage(call, params.contentKey, params.label);
    const wanted = planValues(query, image.look);
    const { signal } = call.request;
    const values = await picturesOf(call).takeTurns(
      () => valuesAt(image, [lon, lat], wanted, signal),
      signal,
    );
    const value = { coordinates: [lon, lat], values, band_names: wanted.outputs.map(({ name }) => name) };
    return { value, headers: kept };
  },
});

/** Those that map programs ask for. */
export const mapRoutes: readonly Route[] = [tileJsonRoute, previewRoute, tileRoute];

export const tileRoutes: readonly Route[] = [
  tileJsonRoute,
  previewRoute,
  infoRoute,
  statisticsRoute,
  pointRoute,
  tileRoute,
];

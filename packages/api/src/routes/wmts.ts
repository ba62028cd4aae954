import { SwathError } from '@swath/core';
import { readResultItemId } from '@swath/stac/result/item-id';
import {
  mediaTypeOf,
  parseTileAddress,
  TILE_MATRIX_SET,
  type TileAddress,
  type WmtsLayer,
  wmtsCapabilities,
} from '@swath/tiles';
import * as z from 'zod';
import { drawQueryText, picturePath, templateOf } from '../pictures/addresses.ts';
import { PICTURE_CACHE } from '../pictures/limits.ts';
import { checkOwn, noSuchResult, ownImage, picturesOf } from '../pictures/own.ts';
import { RESULT_NAME, type ResultImage } from '../pictures/result-images.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { drawFields, drawRepeated, tileQuery } from '../schemas/pictures.ts';
import { contentKeyParam } from './results.ts';
import { answerTile, resultParams } from './tiles.ts';

/** The layer of all results, by time. */
const SERIES = 'series';

const text = z.string().max(256).optional();

const wmtsQuery = z.looseObject({
  ...drawFields,
  service: text.describe('WMTS.'),
  request: text.describe('GetCapabilities (default) or GetTile.'),
  version: text,
  layer: text.describe('Of GetTile: identifier of a layer, or the id of its STAC Item.'),
  style: text,
  format: text.describe('Media type.'),
  tilematrixset: text.describe('WebMercatorQuad.'),
  tilematrix: text,
  tilerow: text,
  tilecol: text,
  time: text.describe('Of the layer "series": label of a result.'),
});
type WmtsQuery = z.output<typeof wmtsQuery>;

/** What of the query is about pictures, not about WMTS. */
function drawPart(query: WmtsQuery): z.output<typeof tileQuery> {
  const names = Object.keys(drawFields);
  return tileQuery.parse(Object.fromEntries(Object.entries(query).filter(([name]) => names.includes(name))));
}

/**
 * Formats of GetTile. The document offers PNG alone: given a choice, GDAL takes a lossy one and OWSLib any, and neither
 * says so.
 */
const extensionOf: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/webp': 'webp',
  'image/jpeg': 'jpg',
};
const offered = 'image/png';

function layersOf(call: Call, images: readonly ResultImage[], query: WmtsQuery): readonly WmtsLayer[] {
  const draw = { ...drawPart(query), ...call.carried };
  const formats = ({ contentKey }: ResultImage, name: string) => {
    const rest = `{TileMatrix}/{TileCol}/{TileRow}.${extensionOf[offered]}`;
    const template = templateOf(call.baseUrl, { contentKey, label: name }, rest, draw);
    return [{ mediaType: offered, template: template.replace('%7BTime%7D', '{Time}') }];
  };
  const layers = images.map((image): WmtsLayer => {
    const { name, title, extent, zooms } = image;
    return { id: name, title: `${title}, ${name}`, extent, zooms, formats: formats(image, name) };
  });
  const [first] = images;
  if (first === undefined || images.length < 2) return layers;
  const series: WmtsLayer = {
    id: SERIES,
    title: `${first.title}, by time`,
    extent: first.extent,
    zooms: first.zooms,
    formats: formats(first, '{Time}'),
    times: images.map(({ name }) => name),
  };
  return [series, ...layers];
}

/** The document of these images, at this address. @throws SwathError NotFound without any. */
function capabilities(call: Call, path: string, images: readonly ResultImage[], query: WmtsQuery): Response {
  const [first] = images;
  if (first === undefined) throw noSuchResult();
  const url = `${call.baseUrl}${path}`;
  const draw = drawQueryText({ ...drawPart(query), ...call.carried });
  const kvpUrl = draw === '' ? `${url}?` : `${url}?${draw}&`;
  const body = wmtsCapabilities({
    title: first.title,
    attribution: first.attribution,
    capabilitiesUrl: `${kvpUrl}service=WMTS&request=GetCapabilities&version=1.0.0`,
    kvpUrl,
    layers: layersOf(call, images, query),
  });
  // Parts that were missing may be made later: this document, unlike tiles, can change.
  return new Response(body, { headers: { 'Content-Type': 'application/xml', 'Cache-Control': 'no-store' } });
}

function needed(query: WmtsQuery, name: 'layer' | 'tilematrix' | 'tilerow' | 'tilecol'): string {
  const value = query[name];
  if (value !== undefined && value !== '') return value;
  throw new SwathError('InvalidInput', `GetTile needs ${name.toUpperCase()}.`, {
    fix: 'GetCapabilities lists layers and tiles.',
  });
}

/** What GetTile asks for. @throws SwathError InvalidInput. */
function askedTile(query: WmtsQuery): { readonly layer: string; readonly tile: TileAddress } {
  const { tilematrixset = TILE_MATRIX_SET, format = offered } = query;
  if (tilematrixset !== TILE_MATRIX_SET) {
    throw new SwathError('InvalidInput', 'There is no such tile matrix set.', {
      fix: `Use ${TILE_MATRIX_SET}.`,
    });
  }
  const extension = Object.hasOwn(extensionOf, format) ? extensionOf[format] : undefined;
  if (extension === undefined) {
    throw new SwathError('InvalidInput', 'There is no such format.', {
      fix: `Use ${Object.keys(extensionOf).join(', ')}.`,
    });
  }
  const layer = needed(query, 'layer');
  const tile = parseTileAddress({
    z: needed(query, 'tilematrix'),
    x: needed(query, 'tilecol'),
    y: `${needed(query, 'tilerow')}.${extension}`,
  });
  return { layer, tile };
}

async function tileOf(call: Call, contentKey: string, query: WmtsQuery): Promise<Response> {
  const { layer, tile } = askedTile(query);
  await checkOwn(call, contentKey);
  const name =
    layer === SERIES ? await timeOf(call, contentKey, query.time) : await nameOf(call, contentKey, layer);
  if (!RESULT_NAME.test(name)) throw noSuchResult();
  return await answerTile(call, await ownImage(call, contentKey, name), tile, drawPart(query));
}

/** Name of the result that a layer shows: the layer itself, or that of the STAC Item with this id. */
async function nameOf(call: Call, contentKey: string, layer: string): Promise<string> {
  const { label, isPartial } = readResultItemId(layer, contentKey) ?? {};
  if (label === undefined) return layer;
  if (!isPartial) return label;
  const images = await picturesOf(call).images.list(contentKey);
  return images.find(({ name }) => name.startsWith(`${label}~`))?.name ?? '';
}

/** The time asked for, or the newest. */
async function timeOf(call: Call, contentKey: string, time: string | undefined): Promise<string> {
  if (time !== undefined && time !== '' && time !== 'default') return time;
  return (await picturesOf(call).images.list(contentKey)).at(-1)?.name ?? '';
}

/** @throws SwathError InvalidInput, Unsupported */
function operationOf({ service, request = 'GetCapabilities' }: WmtsQuery): 'capabilities' | 'tile' {
  if (service !== undefined && service.toUpperCase() !== 'WMTS') {
    throw new SwathError('InvalidInput', 'This is a WMTS.', { fix: 'Use SERVICE=WMTS.' });
  }
  if (request.toLowerCase() === 'getcapabilities') return 'capabilities';
  if (request.toLowerCase() === 'gettile') return 'tile';
  throw new SwathError('Unsupported', 'The WMTS has no such request.', {
    fix: 'Use GetCapabilities or GetTile.',
  });
}

const common = {
  method: 'GET',
  tag: 'Pictures',
  auth: 'viewer',
  query: wmtsQuery,
  repeated: drawRepeated,
  queryCase: 'any',
  answer: {
    status: 200,
    description: 'The capabilities, or a tile.',
    schema: z.string(),
    contentType: 'application/xml',
    headers: { 'Cache-Control': `Of tiles: ${PICTURE_CACHE}.` },
  },
  otherAnswers: { '200': { description: 'A tile.', contentType: mediaTypeOf.png } },
  problems: [404, 422],
} as const;

const ofRequest = defineRoute({
  ...common,
  path: '/tiles/{contentKey}/wmts',
  operationId: 'getWmts',
  summary: 'WMTS 1.0.0 of a request’s results',
  description:
    'A layer per result, and one of all with the dimension Time. Key-value pairs (names in any case) and addresses of tiles (ResourceURL). Parameters of pictures (rescale, colormap_name, ...) go into every address.',
  params: z.object({ contentKey: contentKeyParam }),
  async handle({ params: { contentKey }, query }, call) {
    if (operationOf(query) === 'tile') return await tileOf(call, contentKey, query);
    await checkOwn(call, contentKey);
    const images = await picturesOf(call).images.list(contentKey);
    return capabilities(call, `/tiles/${contentKey}/wmts`, images, query);
  },
});

const ofImage = defineRoute({
  ...common,
  path: '/tiles/{contentKey}/{label}/wmts',
  operationId: 'getImageWmts',
  summary: 'WMTS 1.0.0 of one result or Item',
  description:
    'One layer: the result, or the Item of a collection of the project itself, such as of uploads. Otherwise like the WMTS of a request.',
  params: resultParams,
  async handle({ params: { contentKey, label }, query }, call) {
    if (operationOf(query) === 'capabilities') {
      const image = await ownImage(call, contentKey, label);
      return capabilities(call, picturePath(contentKey, label, 'wmts'), [image], query);
    }
    const { layer, tile } = askedTile(query);
    const image = await ownImage(call, contentKey, label);
    if (layer !== image.name && layer !== label) {
      throw new SwathError('InvalidInput', 'There is no such layer.', { fix: 'GetCapabilities names it.' });
    }
    return await answerTile(call, image, tile, drawPart(query));
  },
});

export const wmtsRoutes: readonly Route[] = [ofRequest, ofImage];

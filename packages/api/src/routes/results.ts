import type { Objects } from '@swath/ports';
import type { ProductResult } from '@swath/requests';
import * as z from 'zod';
import type { ApiDeps } from '../deps.ts';
import { assetPath } from '../html/format.ts';
import { HEAD_CONCURRENCY, LINK_EXPIRES_S } from '../limits.ts';
import { serveObject } from '../objects.ts';
import { CONTENT_KEY } from '../pictures/addresses.ts';
import { noSuchResult } from '../pictures/own.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import type { Sent } from '../schemas/common.ts';
import type { assetLink, linkedProduct } from '../schemas/product.ts';
import { requestResults } from '../schemas/request.ts';
import { idParams } from './requests.ts';

const titles = {
  cog: 'Cloud Optimized GeoTIFF',
  thumbnail: 'Picture',
  item: 'STAC Item',
  statistics: 'Statistics',
  zones: 'Statistics by zone',
  zonesCsv: 'Statistics by zone, CSV',
} as const;

/** Media types as QGIS and STAC Browser look for them, by role: an object that is gone cannot say its own. */
const types = {
  cog: 'image/tiff; application=geotiff; profile=cloud-optimized',
  thumbnail: 'image/png',
  item: 'application/geo+json',
  statistics: 'application/json',
  zones: 'application/json',
  zonesCsv: 'text/csv',
} as const;

type AssetName = keyof typeof titles;

async function linkAsset(
  results: Objects,
  baseUrl: string,
  name: AssetName,
  key: string,
): Promise<Sent<typeof assetLink>> {
  const info = await results.head(key);
  return {
    href: `${baseUrl}${assetPath(key)}`,
    type: types[name],
    title: titles[name],
    sizeBytes: info?.sizeBytes ?? null,
    sha256: info?.sha256 ?? null,
  };
}

async function linkProduct(
  deps: ApiDeps,
  baseUrl: string,
  product: ProductResult,
): Promise<Sent<typeof linkedProduct>> {
  const linkKey = (name: AssetName, key: string) => linkAsset(deps.results, baseUrl, name, key);
  const link = (name: Exclude<AssetName, 'zones' | 'zonesCsv'>) => linkKey(name, product.assets[name]);
  const { zones, zonesCsv } = product.assets;
  const [cog, thumbnail, item, statistics] = await Promise.all([
    link('cog'),
    link('thumbnail'),
    link('item'),
    link('statistics'),
  ]);
  return {
    ...product,
    assets: {
      ...{ cog, thumbnail, item, statistics },
      ...(zones === undefined ? {} : { zones: await linkKey('zones', zones) }),
      ...(zonesCsv === undefined ? {} : { zonesCsv: await linkKey('zonesCsv', zonesCsv) }),
    },
  };
}

const segment = z.string().min(1).max(256);

export const contentKeyParam = z
  .string()
  .regex(CONTENT_KEY, 'a sha256')
  .describe('Content key of the request.');
const label = segment.describe('Of the product: its date or dates.');
const fileParams = z.object({ contentKey: contentKeyParam, label, file: segment });
const partialFileParams = z.object({
  contentKey: contentKeyParam,
  label,
  part: segment.describe('Names what is missing from the result.'),
  file: segment,
});

/** One object under `results/`; the key is the path. */
async function answerFile(key: string, owner: string, call: Call): Promise<Response> {
  const { results, delivery } = call.deps;
  if (!(await call.deps.mayRead(call.identity.project, owner))) throw noSuchResult();
  const info = await results.head(key);
  if (info === undefined) throw noSuchResult();
  if (delivery === 'redirect' && call.request.method !== 'HEAD') {
    const href = await results.link(key, { expiresInS: LINK_EXPIRES_S });
    return new Response(null, { status: 302, headers: { Location: href, 'Cache-Control': 'no-store' } });
  }
  return serveObject(results, info, call.request);
}

function fileRoute(
  path: string,
  operationId: string,
  params: typeof fileParams | typeof partialFileParams,
): Route {
  return defineRoute({
    method: 'GET',
    path,
    operationId,
    tag: 'Results',
    summary: 'A file of a result',
    description:
      'HEAD and Range work, so that GDAL and QGIS can read a part. Where files lie in S3 the answer is a redirect to a link that expires.',
    auth: 'viewer',
    params,
    headers: { Range: 'One range of bytes.', 'If-None-Match': 'ETag of the copy you have.' },
    answer: {
      status: 200,
      description: 'The file.',
      schema: z.string().meta({ format: 'binary' }),
      contentType: 'application/octet-stream',
      headers: { ETag: 'Changes with the content.', 'Repr-Digest': 'sha-256 of the whole file (RFC 9530).' },
    },
    otherAnswers: {
      '206': { description: 'The range asked for.', contentType: 'application/octet-stream' },
      '302': { description: 'Where it lies.', headers: { Location: 'A link that expires.' } },
      '304': { description: 'You have it already.' },
    },
    problems: [404, 416],
    async handle({ params: names }, call) {
      const between = 'part' in names ? [names.part] : [];
      const key = ['results', names.contentKey, names.label, ...between, names.file].join('/');
      return answerFile(key, names.contentKey, call);
    },
  });
}

export const resultRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/requests/{id}/results',
    operationId: 'getRequestResults',
    tag: 'Results',
    summary: 'Results of a request',
    description:
      'Per product: statistics, and a link with size and sha256 to each file. Empty until there are some.',
    auth: 'viewer',
    params: idParams,
    answer: { status: 200, description: 'The results.', schema: requestResults },
    problems: [404],
    async handle({ params }, { deps, identity, baseUrl }) {
      const request = await deps.requests.get(identity.project, params.id);
      const products: Sent<typeof linkedProduct>[] = [];
      // Four files a product.
      const atOnce = HEAD_CONCURRENCY / 4;
      for (let i = 0; i < request.results.length; i += atOnce) {
        const batch = request.results.slice(i, i + atOnce);
        products.push(...(await Promise.all(batch.map((p) => linkProduct(deps, baseUrl, p)))));
      }
      const href = `${baseUrl}/requests/${encodeURIComponent(request.id)}`;
      return {
        value: {
          requestId: request.id,
          state: request.state,
          contentKey: request.contentKey,
          reused: request.reused,
          products,
          warnings: request.warnings,
          links: [
            { rel: 'self', href: `${href}/results` },
            { rel: 'request', href },
          ],
        },
      };
    },
  }),
  fileRoute('/results/{contentKey}/{label}/{file}', 'getResultFile', fileParams),
  fileRoute('/results/{contentKey}/{label}/{part}/{file}', 'getPartialResultFile', partialFileParams),
];

import { SwathError } from '@swath/core';
import type { UploadView } from '@swath/uploads';
import * as z from 'zod';
import type { ApiDeps, UploadUseCases } from '../deps.ts';
import { LINK_EXPIRES_S, PAGE_DEFAULT, PAGE_LIMIT } from '../limits.ts';
import { serveObject } from '../objects.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Sent } from '../schemas/common.ts';
import {
  begunUpload,
  completeBody,
  lookedAtUpload,
  partsBody,
  uploadBody,
  uploadList,
  uploadParts,
  uploadView,
} from '../schemas/upload.ts';
import { linkHeader, nextPage } from './paging.ts';

const idParams = z.object({ id: z.string() });

function uploadsOf(deps: ApiDeps): UploadUseCases {
  if (deps.uploads !== undefined) return deps.uploads;
  throw new SwathError('Unsupported', 'Nothing can be uploaded here.', { fix: 'Ask the API itself.' });
}

const hrefOf = (baseUrl: string, id: string) => `${baseUrl}/uploads/${encodeURIComponent(id)}`;

function sent(upload: UploadView, baseUrl: string): Sent<typeof uploadView> {
  const { item } = upload;
  const [collection = '', id = ''] = item === null ? [] : [item.collection, item.id].map(encodeURIComponent);
  return {
    ...upload,
    notes: [...upload.notes],
    links: [
      { rel: 'self', href: hrefOf(baseUrl, upload.id) },
      ...(item === null
        ? []
        : [
            { rel: 'item', href: `${baseUrl}/collections/${collection}/items/${id}` },
            { rel: 'tilejson', href: `${baseUrl}/tiles/${collection}/${id}/tilejson.json` },
            { rel: 'preview', href: `${baseUrl}/tiles/${collection}/${id}/preview` },
          ]),
    ],
  };
}

const named = z.looseObject({ parts: z.array(z.number()).max(1000).optional() });

export const uploadRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/uploads',
    operationId: 'beginUpload',
    tag: 'Uploads',
    summary: 'Bring a GeoTIFF',
    description:
      'Says what is to come, and answers links to PUT its parts to. Completed, the file is checked and registered as an Item of the project, or refused with a reason.',
    auth: 'requester',
    document: uploadBody,
    example: {
      fileName: 'field-2024-06-01.tif',
      sizeBytes: 3_500_000,
      collection: 'fields',
      datetime: '2024-06-01',
      bands: [{ name: 'red' }, { name: 'nir' }],
    },
    answer: {
      status: 201,
      description: 'It waits for its parts.',
      schema: begunUpload,
      headers: { Location: 'The upload.' },
    },
    problems: [413, 415, 422],
    async handle({ document }, { deps, identity, baseUrl }) {
      const { links, ...upload } = await uploadsOf(deps).begin(identity.project, document);
      return {
        headers: { Location: hrefOf(baseUrl, upload.id) },
        value: { ...sent(upload, baseUrl), parts: [...links] },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/uploads',
    operationId: 'listUploads',
    tag: 'Uploads',
    summary: 'Uploads of the project',
    description: 'Newest first.',
    auth: 'viewer',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).default(PAGE_DEFAULT),
      cursor: z.string().min(1).max(1024).optional().describe('From a `next` link.'),
    }),
    answer: {
      status: 200,
      description: 'One page of uploads.',
      schema: uploadList,
      headers: { Link: 'rel="next", absent on the last page.' },
    },
    async handle({ query: { limit, cursor } }, { deps, identity, baseUrl }) {
      const page = await uploadsOf(deps).list(identity.project, {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const next = nextPage(`${baseUrl}/uploads`, { limit }, page.cursor);
      return {
        headers: linkHeader(next),
        value: {
          uploads: page.uploads.map((upload) => sent(upload, baseUrl)),
          links: next === undefined ? [] : [{ rel: 'next', href: next }],
        },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/uploads/{id}',
    operationId: 'getUpload',
    tag: 'Uploads',
    summary: 'Look at an upload',
    description: 'Its state, and the parts that have arrived while it is open.',
    auth: 'viewer',
    params: idParams,
    answer: { status: 200, description: 'The upload.', schema: lookedAtUpload },
    problems: [404],
    async handle({ params }, { deps, identity, baseUrl }) {
      const { received, ...upload } = await uploadsOf(deps).get(identity.project, params.id);
      return { value: { ...sent(upload, baseUrl), received: [...received] } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/uploads/{id}/parts',
    operationId: 'linkUploadParts',
    tag: 'Uploads',
    summary: 'Fresh links to parts',
    description:
      'For those that are missing, or for those named; at most 100 at a time. So an upload goes on.',
    auth: 'requester',
    params: idParams,
    document: partsBody,
    example: {},
    answer: { status: 200, description: 'Links, and what has arrived.', schema: uploadParts },
    problems: [404, 409, 413, 415],
    async handle({ params, document }, { deps, identity }) {
      const parsed = named.safeParse(document);
      if (!parsed.success) {
        throw new SwathError('InvalidInput', 'Parts are named by their numbers.', {
          pointer: '/parts',
          fix: 'Send {} for all that are missing, or {"parts": [1, 2]}.',
        });
      }
      const { links, received } = await uploadsOf(deps).parts(identity.project, params.id, parsed.data.parts);
      return { value: { parts: [...links], received: [...received] } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/uploads/{id}/complete',
    operationId: 'completeUpload',
    tag: 'Uploads',
    summary: 'Complete an upload',
    description: 'All parts are there: have the file checked. Again changes nothing.',
    auth: 'requester',
    params: idParams,
    document: completeBody,
    example: { parts: [{ part: 1, etag: '"b1946ac92492d2347c6235b4d2611184"' }] },
    answer: { status: 202, description: 'It is being checked, or was.', schema: uploadView },
    problems: [404, 409, 413, 415],
    async handle({ params, document }, { deps, identity, baseUrl }) {
      return { value: sent(await uploadsOf(deps).complete(identity.project, params.id, document), baseUrl) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/uploads/{id}',
    operationId: 'deleteUpload',
    tag: 'Uploads',
    summary: 'Delete an upload',
    description: 'In whatever state: its parts, its file and its Item go. Results that were made of it stay.',
    auth: 'requester',
    params: idParams,
    answer: { status: 204, description: 'It is gone.', schema: z.null() },
    problems: [404, 409],
    async handle({ params }, { deps, identity }) {
      await uploadsOf(deps).delete(identity.project, params.id);
      return new Response(null, { status: 204 });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/uploads/{id}/{file}',
    operationId: 'getUploadedFile',
    tag: 'Uploads',
    summary: 'The file of an upload',
    description:
      'Once registered. HEAD and Range work. Where files lie in S3 the answer is a redirect to a link that expires.',
    auth: 'viewer',
    params: z.object({ id: z.string(), file: z.string().min(1).max(256) }),
    headers: { Range: 'One range of bytes.', 'If-None-Match': 'ETag of the copy you have.' },
    answer: {
      status: 200,
      description: 'The file.',
      schema: z.string().meta({ format: 'binary' }),
      contentType: 'image/tiff',
      headers: { ETag: 'Changes with the content.', 'Repr-Digest': 'sha-256 of the whole file (RFC 9530).' },
    },
    otherAnswers: {
      '206': { description: 'The range asked for.', contentType: 'image/tiff' },
      '302': { description: 'Where it lies.', headers: { Location: 'A link that expires.' } },
      '304': { description: 'You have it already.' },
    },
    problems: [404, 416],
    async handle({ params }, { deps, identity, request }) {
      const { file, files } = uploadsOf(deps);
      const { key, info } = await file(identity.project, params.id, params.file);
      if (deps.delivery === 'redirect' && request.method !== 'HEAD') {
        const href = await files.link(key, { expiresInS: LINK_EXPIRES_S });
        return new Response(null, { status: 302, headers: { Location: href, 'Cache-Control': 'no-store' } });
      }
      return serveObject(files, info, request);
    },
  }),
];

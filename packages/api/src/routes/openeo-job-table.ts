import { SwathError } from '@swath/core';
import type { JobView } from '@swath/requests';
import * as z from 'zod';
import { LINK_EXPIRES_S } from '../limits.ts';
import { serveObject } from '../objects.ts';
import type { LinkedTable } from '../openeo/job-documents.ts';
import { openeoOf } from '../openeo/service.ts';
import { type Call, defineRoute, type Route } from '../route.ts';

/** A job's table and its address: one that needs no header where storage can sign it, since clients download without one. */
export async function linkedTable(job: JobView, call: Call): Promise<LinkedTable | undefined> {
  const { jobs } = openeoOf(call);
  const table = await jobs.table(call.identity.project, job);
  if (table === undefined) return undefined;
  const href =
    call.deps.delivery === 'redirect'
      ? await jobs.tables.link(table.info.key, { expiresInS: LINK_EXPIRES_S })
      : `${call.baseUrl}/jobs/${encodeURIComponent(job.id)}/results/${table.name}`;
  return { ...table, href };
}

export const openeoJobTableRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/jobs/{job_id}/results/{file}',
    operationId: 'getJobTable',
    tag: 'openEO',
    summary: 'The table of a batch job',
    description:
      'Statistics by geometry, in the format that save_result names. HEAD and Range work. Where files lie in S3 the answer is a redirect to a link that expires.',
    auth: 'viewer',
    openeo: 'own',
    params: z.object({
      job_id: z.string().min(1).max(128).describe('Id of the job.'),
      file: z.string().min(1).max(128).describe('As the results name it.'),
    }),
    headers: { Range: 'One range of bytes.', 'If-None-Match': 'ETag of the copy you have.' },
    answer: {
      status: 200,
      description: 'The file.',
      schema: z.string().meta({ format: 'binary' }),
      contentType: 'application/octet-stream',
      headers: { ETag: 'Changes with the content.' },
    },
    otherAnswers: {
      '206': { description: 'The range asked for.', contentType: 'application/octet-stream' },
      '302': { description: 'Where it lies.', headers: { Location: 'A link that expires.' } },
      '304': { description: 'You have it already.' },
    },
    problems: [404, 416],
    async handle({ params: { job_id: id, file } }, call) {
      const { jobs } = openeoOf(call);
      const job = await jobs.get(call.identity.project, id);
      const table =
        (job.request?.results.length ?? 0) === 0 ? undefined : await jobs.table(call.identity.project, job);
      if (table?.name !== file)
        throw new SwathError('NotFound', `The job has no file "${file.slice(0, 80)}".`, {
          fix: 'GET /jobs/{job_id}/results lists those it has.',
        });
      if (call.deps.delivery === 'redirect' && call.request.method !== 'HEAD') {
        const href = await jobs.tables.link(table.info.key, { expiresInS: LINK_EXPIRES_S });
        return new Response(null, { status: 302, headers: { Location: href, 'Cache-Control': 'no-store' } });
      }
      return serveObject(jobs.tables, table.info, call.request);
    },
  }),
];

import { JSON_TYPE } from '@swath/catalog';
import * as z from 'zod';
import { LOGS_MAX, OPENEO_PAGE } from '../openeo/limits.ts';
import { notOffered } from '../openeo/not-offered.ts';
import { withOwnStac } from '../openeo/own-stac.ts';
import { openeoOf } from '../openeo/service.ts';
import { defineRoute, type Route } from '../route.ts';
import { estimate, jobAnswer, jobBody, jobList, jobResults, logLevel, logList } from '../schemas/openeo.ts';
import { pageQuery } from './openeo-capabilities.ts';
import { linkedTable } from './openeo-job-table.ts';
import { nextPage } from './paging.ts';

/** What is shown of jobs; only calls of openEO read it. */
const documents = () => import('../openeo/job-documents.ts');

const tag = 'openEO';
const openeo = 'own';
const params = z.object({ job_id: z.string().min(1).max(128).describe('Id of the job.') });
const nothing = z.null();

export const openeoJobRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/result',
    operationId: 'computeResult',
    tag,
    summary: 'Compute a small result at once',
    description:
      'The answer is the file itself: GTiff, PNG, JSON or CSV, as save_result says. What is too large is refused with ProcessGraphComplexity: use a batch job.',
    auth: 'requester',
    openeo,
    offered: ({ openeo: service }) => service?.compute !== undefined,
    document: jobBody,
    answer: {
      status: 200,
      description: 'The file.',
      schema: z.string().meta({ format: 'binary' }),
      contentType: 'application/octet-stream',
    },
    problems: [404, 413, 415, 422, 502],
    async handle({ document }, call) {
      const service = openeoOf(call);
      const { compute } = service;
      if (compute === undefined) throw notOffered();
      const { project } = call.identity;
      const graph = await service.check(project, withOwnStac(document, call.baseUrl));
      const { signal } = call.request;
      // Writers and painters are not what a cold start should read.
      const { computeResult } = await import('../openeo/result.ts');
      const { bytes, contentType } = await compute.takeTurns(
        () => computeResult(project, graph, service, compute, signal),
        signal,
      );
      return new Response(new Uint8Array(bytes), {
        headers: {
          'Content-Type': contentType,
          'Content-Length': String(bytes.byteLength),
          'Cache-Control': 'no-store',
          'OpenEO-Costs': '0',
        },
      });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/jobs',
    operationId: 'listJobs',
    tag,
    summary: 'Batch jobs',
    description: 'Newest first. A job that was started is a request, too: GET /requests.',
    auth: 'viewer',
    openeo,
    query: pageQuery,
    answer: { status: 200, description: 'One page of jobs.', schema: jobList },
    async handle({ query: { limit = OPENEO_PAGE, cursor } }, call) {
      const page = await openeoOf(call).jobs.list(call.identity.project, {
        limit: Math.min(limit, OPENEO_PAGE),
        ...(cursor === undefined ? {} : { cursor }),
      });
      const next = nextPage(`${call.baseUrl}/jobs`, { limit }, page.cursor);
      const { jobSummary } = await documents();
      return {
        value: {
          jobs: page.jobs.map(jobSummary),
          links: next === undefined ? [] : [{ rel: 'next', href: next, type: JSON_TYPE }],
        },
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/jobs',
    operationId: 'createJob',
    tag,
    summary: 'Create a batch job',
    description: 'Checked and kept; POST /jobs/{job_id}/results starts it.',
    auth: 'requester',
    openeo,
    document: jobBody,
    answer: {
      status: 201,
      description: 'Created; the body is empty.',
      schema: nothing,
      headers: { Location: 'URL of the job.', 'OpenEO-Identifier': 'Its id.' },
    },
    problems: [413, 415, 422],
    async handle({ document }, call) {
      const { id } = await openeoOf(call).jobs.create(
        call.identity.project,
        withOwnStac(document, call.baseUrl),
      );
      const Location = `${call.baseUrl}/jobs/${encodeURIComponent(id)}`;
      return new Response(null, { status: 201, headers: { Location, 'OpenEO-Identifier': id } });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/jobs/{job_id}',
    operationId: 'getJob',
    tag,
    summary: 'Look at a batch job',
    description: 'Status, progress and its process.',
    auth: 'viewer',
    openeo,
    params,
    answer: { status: 200, description: 'The job.', schema: jobAnswer },
    problems: [404],
    async handle({ params: { job_id: id } }, call) {
      const job = await openeoOf(call).jobs.get(call.identity.project, id);
      const { jobDocument } = await documents();
      return { value: jobDocument(job, call.baseUrl) };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/jobs/{job_id}',
    operationId: 'updateJob',
    tag,
    summary: 'Change a batch job',
    description: 'Not while it is queued or runs. Another process makes it a job that was not started.',
    auth: 'requester',
    openeo,
    params,
    document: jobBody,
    answer: { status: 204, description: 'It is changed.', schema: nothing },
    problems: [404, 409, 413, 415, 422],
    async handle({ params: { job_id: id }, document }, call) {
      await openeoOf(call).jobs.update(call.identity.project, id, withOwnStac(document, call.baseUrl));
      return new Response(null, { status: 204 });
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/jobs/{job_id}',
    operationId: 'deleteJob',
    tag,
    summary: 'Delete a batch job',
    description: 'Cancels it first. Results stay for as long as their retention says.',
    auth: 'requester',
    openeo,
    params,
    answer: { status: 204, description: 'It is gone.', schema: nothing },
    problems: [404, 409],
    async handle({ params: { job_id: id } }, call) {
      await openeoOf(call).jobs.delete(call.identity.project, id);
      return new Response(null, { status: 204 });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/jobs/{job_id}/estimate',
    operationId: 'estimateJob',
    tag,
    summary: 'How large the results will be',
    description: 'From the plan: scenes are searched and their headers read.',
    auth: 'viewer',
    openeo,
    params,
    answer: { status: 200, description: 'The estimate.', schema: estimate },
    problems: [404, 422, 502],
    async handle({ params: { job_id: id } }, call) {
      const { project } = call.identity;
      const spec = await openeoOf(call).jobs.request(project, id);
      const { plan } = await call.deps.requests.plan(project, spec, call.request.signal);
      const { inputBytes } = plan.estimate;
      const { resultBytes } = await documents();
      const size = Math.round(resultBytes(plan));
      return { value: { size, 'swath:inputBytes': Math.round(inputBytes) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/jobs/{job_id}/results',
    operationId: 'startJob',
    tag,
    summary: 'Start a batch job',
    description: 'It becomes a request. Starting a job that is queued or runs changes nothing.',
    auth: 'requester',
    openeo,
    params,
    answer: { status: 202, description: 'It is queued.', schema: nothing },
    problems: [404, 409, 422],
    async handle({ params: { job_id: id } }, call) {
      await openeoOf(call).jobs.start(call.identity.project, id, call.identity.user);
      return new Response(null, { status: 202 });
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/jobs/{job_id}/results',
    operationId: 'stopJob',
    tag,
    summary: 'Cancel a batch job',
    description: 'A job that is neither queued nor running stays as it is.',
    auth: 'requester',
    openeo,
    params,
    answer: { status: 204, description: 'It is asked to stop.', schema: nothing },
    problems: [404],
    async handle({ params: { job_id: id } }, call) {
      await openeoOf(call).jobs.stop(call.identity.project, id);
      return new Response(null, { status: 204 });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/jobs/{job_id}/results',
    operationId: 'getJobResults',
    tag,
    summary: 'Results of a batch job',
    description: 'A STAC Collection with the files as assets.',
    auth: 'viewer',
    openeo,
    params,
    query: z.strictObject({
      partial: z.enum(['true', 'false', '']).optional().describe('Also while it is not finished.'),
    }),
    answer: { status: 200, description: 'The results.', schema: jobResults },
    problems: [404],
    async handle({ params: { job_id: id }, query }, call) {
      const job = await openeoOf(call).jobs.get(call.identity.project, id);
      const isPartial = query.partial === 'true' || query.partial === '';
      const { jobResults: resultsOf } = await documents();
      const linkTable = () => linkedTable(job, call);
      return {
        headers: { 'OpenEO-Costs': '0' },
        value: jobResults.parse(await resultsOf(job, call.deps, call.baseUrl, { isPartial, linkTable })),
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/jobs/{job_id}/logs',
    operationId: 'getJobLogs',
    tag,
    summary: 'Log of a batch job',
    description: 'Events and warnings of its request, in order.',
    auth: 'viewer',
    openeo,
    params,
    query: z.strictObject({
      offset: z.string().max(200).optional().describe('Id of the last entry you have.'),
      level: logLevel.default('debug').describe('Entries that are less grave are left out.'),
      limit: z.coerce.number().int().min(1).default(LOGS_MAX),
    }),
    answer: { status: 200, description: 'The entries.', schema: logList },
    problems: [404],
    async handle({ params: { job_id: id }, query }, call) {
      const { project } = call.identity;
      const job = await openeoOf(call).jobs.get(project, id);
      const { request } = job;
      const limit = Math.min(query.limit, LOGS_MAX);
      const { logEntries } = await documents();
      const logs =
        request === null
          ? []
          : logEntries(job, request, await call.deps.requests.events(project, request.id), {
              ...query,
              limit,
            });
      const last = logs.at(-1);
      const href = `${call.baseUrl}/jobs/${encodeURIComponent(id)}/logs?level=${query.level}&limit=${limit}`;
      return {
        value: {
          level: query.level,
          logs,
          links:
            logs.length === limit && last !== undefined
              ? [{ rel: 'next', href: `${href}&offset=${encodeURIComponent(last.id)}`, type: JSON_TYPE }]
              : [],
        },
      };
    },
  }),
];

import { isSwathError, SwathError } from '@swath/core';
import type { PlannedTable } from '@swath/graph';
import { openeoError } from '@swath/graph/exceptions';
import type { Write } from '@swath/ports';
import * as z from 'zod';
import type { RequestDeps } from '../deps.ts';
import { checkGraph, plannedRequest, requestOfGraph } from '../graphs/check-graph.ts';
import { JOB_DESCRIPTION_CHARS, JOB_TITLE_CHARS, MAX_COMMIT_TRIES, MAX_PAGE } from '../limits.ts';
import { openeoStatus } from '../states.ts';
import { cancelRequest } from '../use-cases/cancel-request.ts';
import { createRequest } from '../use-cases/create-request.ts';
import { getRequest } from '../use-cases/read-requests.ts';
import { retryRequest } from '../use-cases/retry-request.ts';
import type { RequestView } from '../view.ts';
import { type PackedProcess, packProcess, pieceDeletes, pieceWrites, readProcess } from './process-text.ts';
import { type JobRow, jobKey, jobPk, parseJob } from './rows.ts';

/** A batch job of openEO, without its process: as lists have it. */
export interface JobSummary {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  /** openEO's word: created, queued, running, canceled, finished, error. */
  readonly status: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Null until it is started. */
  readonly request: RequestView | null;
  /** What it asks for of the request's zones; null for rasters, and until it is started. */
  readonly table: PlannedTable | null;
}

/** A batch job of openEO: a process that was sent, and the request it became when it was started. */
export interface JobView extends JobSummary {
  /** As it was sent. */
  readonly process: Readonly<Record<string, unknown>>;
}

const text = (most: number) => z.string().max(most).nullish();
const change = z.looseObject({
  title: text(JOB_TITLE_CHARS),
  description: text(JOB_DESCRIPTION_CHARS),
  process: z.looseObject({ process_graph: z.looseObject({}) }).optional(),
});
/** What clients may send with a job that we have no use for: nothing is charged for, and all is logged. */
const unused = ['plan', 'budget', 'log_level'];

type Process = NonNullable<z.output<typeof change>['process']>;

const noSuchJob = (id: string) =>
  new SwathError('NotFound', `There is no batch job "${id.slice(0, 80)}".`, {
    reason: 'JobNotFound',
    fix: 'GET /jobs lists those of the project.',
  });

/** @throws SwathError InvalidInput with a pointer. */
function parseChange(body: unknown): z.output<typeof change> {
  const parsed = change.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const isProcess = issue?.path[0] === 'process';
  throw openeoError(
    isProcess ? 'ProcessGraphMissing' : 'ProcessParameterInvalid',
    `${issue?.message ?? 'Not a job'}.`,
    {
      pointer: `/${issue?.path.join('/') ?? ''}`,
      fix: 'Send {"process": {"process_graph": {...}}, "title": ...}.',
    },
  );
}

/** A process that can run as a job, packed. @throws SwathError with openEO's code as `reason`. */
async function checkedProcess(deps: RequestDeps, project: string, process: Process): Promise<PackedProcess> {
  await requestOfGraph(deps, project, await checkGraph(deps, project, { process }));
  return packProcess(process);
}

/**
 * Keeps a job to be started later; nothing is ordered.
 * @throws SwathError InvalidInput, Unsupported, LimitExceeded with openEO's code as `reason`.
 */
export async function createJob(deps: RequestDeps, project: string, body: unknown): Promise<JobView> {
  const { process, title = null, description = null } = parseChange(body);
  if (process === undefined)
    throw openeoError('ProcessGraphMissing', 'A job needs a process.', {
      pointer: '/process',
      fix: 'Send {"process": {"process_graph": {...}}}.',
    });
  const now = new Date(deps.clock.now()).toISOString();
  const id = deps.random.id();
  const packed = await checkedProcess(deps, project, process);
  const row: JobRow = {
    id,
    title,
    description,
    process: packed.process,
    pieces: packed.pieces.length,
    processRevision: 1,
    createdAt: now,
    updatedAt: now,
    requestId: null,
    table: null,
    revision: 1,
  };
  await write(deps, project, row, undefined, pieceWrites(project, { ...row, pieces: 0 }, packed.pieces));
  return { ...summaryOf(row, null), process };
}

/** The row as it was before decides: Conflict means that somebody else was faster. */
async function write(
  deps: Pick<RequestDeps, 'table'>,
  project: string,
  row: JobRow,
  before: JobRow | undefined,
  besides: readonly Write[] = [],
): Promise<void> {
  const { id, title, description, process, pieces, processRevision } = row;
  const { createdAt, updatedAt, requestId, table, revision } = row;
  const text = { process, pieces, processRevision };
  const facts = { id, title, description, ...text, createdAt, updatedAt, requestId, table, revision };
  await deps.table.transact([
    {
      put: { ...jobKey(project, id), ...facts },
      if: before === undefined ? { exists: false } : { equals: { revision: before.revision } },
    },
    ...besides,
  ]);
}

function summaryOf(row: JobRow, request: RequestView | null): JobSummary {
  const { id, title, description, createdAt, updatedAt } = row;
  return {
    id,
    title,
    description,
    status: request === null ? 'created' : (openeoStatus[request.state] ?? 'error'),
    createdAt,
    updatedAt: request === null || request.updatedAt < updatedAt ? updatedAt : request.updatedAt,
    request,
    table: row.table,
  };
}

async function readJob(deps: Pick<RequestDeps, 'table'>, project: string, id: string): Promise<JobRow> {
  const row = id === '' || id.length > 64 ? undefined : await deps.table.get(jobKey(project, id));
  if (row === undefined) throw noSuchJob(id);
  return parseJob(row);
}

async function withRequest(
  deps: Pick<RequestDeps, 'table' | 'work'>,
  project: string,
  row: JobRow,
): Promise<JobSummary> {
  return summaryOf(row, row.requestId === null ? null : await getRequest(deps, project, row.requestId));
}

/** The process as it was sent, of the job as it is now. */
async function withProcess(
  deps: Pick<RequestDeps, 'table'>,
  project: string,
  id: string,
): Promise<{ readonly row: JobRow; readonly process: Readonly<Record<string, unknown>> }> {
  for (let tries = 0; tries < MAX_COMMIT_TRIES; tries++) {
    const row = await readJob(deps, project, id);
    const text = await readProcess(deps.table, project, row);
    if (text !== undefined) return { row, process: JSON.parse(text) as Readonly<Record<string, unknown>> };
  }
  throw changedByOthers();
}

/** @throws NotFound, also for jobs of other projects. */
export async function getJob(
  deps: Pick<RequestDeps, 'table' | 'work'>,
  project: string,
  id: string,
): Promise<JobView> {
  const { row, process } = await withProcess(deps, project, id);
  return { ...(await withRequest(deps, project, row)), process };
}

/** Jobs of a project, newest first. @throws InvalidInput for a foreign cursor. */
export async function listJobs(
  deps: Pick<RequestDeps, 'table' | 'work'>,
  project: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly jobs: readonly JobSummary[]; readonly cursor?: string }> {
  const page = await deps.table.query({
    partition: jobPk(project),
    descending: true,
    limit: Math.min(limit, MAX_PAGE),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const jobs = await Promise.all(page.rows.map((row) => withRequest(deps, project, parseJob(row))));
  return { jobs, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
}

const isActive = (status: string) => status === 'queued' || status === 'running';

/** Decides on the job as it is, and again when somebody changed it meanwhile. */
async function changing(
  deps: RequestDeps,
  project: string,
  id: string,
  decide: (
    row: JobRow,
    job: JobSummary,
  ) => Promise<{ readonly row: JobRow; readonly besides?: readonly Write[] } | undefined>,
): Promise<JobView> {
  for (let tries = 0; tries < MAX_COMMIT_TRIES; tries++) {
    const row = await readJob(deps, project, id);
    try {
      const next = await decide(row, await withRequest(deps, project, row));
      if (next !== undefined) await write(deps, project, next.row, row, next.besides);
      return await getJob(deps, project, id);
    } catch (error) {
      if (!isSwathError(error, 'Conflict')) throw error;
    }
  }
  throw changedByOthers();
}

const changedByOthers = () =>
  new SwathError('Conflict', 'The job is being changed by others.', { fix: 'Look at it, then try again.' });

/**
 * Changes title, description or process. Another process makes it a job that was not started.
 * @throws NotFound; InvalidInput (NoDataForUpdate, PropertyNotEditable, JobLocked while it is queued or runs).
 */
export async function updateJob(
  deps: RequestDeps,
  project: string,
  id: string,
  body: unknown,
): Promise<void> {
  const given = parseChange(body);
  const editable = ['title', 'description', 'process', ...unused];
  const fixed = Object.keys(given).find((name) => !editable.includes(name));
  const refuse = (reason: string, message: string, fix: string) =>
    new SwathError('InvalidInput', message, { reason, fix });
  if (fixed !== undefined)
    throw refuse('PropertyNotEditable', `"${fixed.slice(0, 64)}" cannot be changed.`, 'Leave it out.');
  if (Object.keys(given).length === 0)
    throw refuse('NoDataForUpdate', 'There is nothing to change.', `Send any of ${editable.join(', ')}.`);
  const packed = given.process === undefined ? undefined : await checkedProcess(deps, project, given.process);
  await changing(deps, project, id, async (row, { status }) => {
    if (isActive(status))
      throw refuse('JobLocked', `The job is ${status}.`, 'Cancel it first: DELETE /jobs/{id}/results.');
    const revision = row.revision + 1;
    const changed = {
      ...row,
      title: given.title === undefined ? row.title : given.title,
      description: given.description === undefined ? row.description : given.description,
      updatedAt: new Date(deps.clock.now()).toISOString(),
      revision,
    };
    if (packed === undefined) return { row: changed };
    const { process, pieces } = packed;
    const text = { process, pieces: pieces.length, processRevision: revision };
    return {
      row: { ...changed, ...text, requestId: null, table: null },
      besides: pieceWrites(project, { ...row, processRevision: revision }, pieces),
    };
  });
}

/**
 * Starts a job: it becomes a request. While that is queued or runs, starting again changes nothing; after it failed or was
 * cancelled it is tried again, after it finished it is asked for again, which gives the results that are there.
 * The revision is the idempotency key: whoever starts the same job at once, or after a lost answer, gets one request.
 * @param user who asks, for the accounts.
 * @throws NotFound, what `createRequest` throws, and what a graph is refused for.
 */
export async function startJob(
  deps: RequestDeps,
  project: string,
  id: string,
  user?: string,
): Promise<JobView> {
  return changing(deps, project, id, async (row, { request, status }) => {
    if (isActive(status)) return undefined;
    if (request !== null && request.state !== 'succeeded') {
      await retryRequest(deps, project, request.id);
      return undefined;
    }
    const text = await readProcess(deps.table, project, row);
    // Somebody put another process in its place meanwhile.
    if (text === undefined) throw changedByOthers();
    const document = await checkGraph(deps, project, { process: JSON.parse(text) as unknown });
    const { spec, table = null } = await plannedRequest(deps, project, document);
    const created = await createRequest(deps, {
      project,
      ...(user === undefined ? {} : { user }),
      body: row.title === null || row.title === '' ? spec : { ...spec, name: row.title },
      idempotencyKey: `job-${id}-${row.revision}`,
    });
    const updatedAt = new Date(deps.clock.now()).toISOString();
    return { row: { ...row, requestId: created.request.id, table, updatedAt, revision: row.revision + 1 } };
  });
}

/** Cancels a job that is queued or runs; any other stays as it is. @throws NotFound. */
export async function stopJob(deps: RequestDeps, project: string, id: string): Promise<void> {
  const { requestId } = await readJob(deps, project, id);
  if (requestId === null) return;
  try {
    await cancelRequest(deps, project, requestId);
  } catch (error) {
    // It had ended.
    if (!isSwathError(error, 'Conflict')) throw error;
  }
}

/** Cancels a job and forgets it. Results stay as long as their retention says. @throws NotFound. */
export async function deleteJob(deps: RequestDeps, project: string, id: string): Promise<void> {
  await stopJob(deps, project, id);
  const row = await readJob(deps, project, id);
  await deps.table.transact([{ delete: jobKey(project, id) }, ...pieceDeletes(project, row)]);
}

/** What a job asks for, as a request. @throws NotFound, and what a graph is refused for. */
export async function requestOfJob(
  deps: RequestDeps,
  project: string,
  id: string,
): ReturnType<typeof requestOfGraph> {
  const { process } = await withProcess(deps, project, id);
  return await requestOfGraph(deps, project, await checkGraph(deps, project, { process }));
}

import { canonicalJson, isSwathError, SwathError } from '@swath/core';
import type { PlannedTable } from '@swath/graph';
import { openeoError } from '@swath/graph/exceptions';
import * as z from 'zod';
import type { RequestDeps } from '../deps.ts';
import { checkGraph, plannedRequest, requestOfGraph } from '../graphs/check-graph.ts';
import {
  JOB_DESCRIPTION_CHARS,
  JOB_TITLE_CHARS,
  MAX_COMMIT_TRIES,
  MAX_PAGE,
  PROCESS_TEXT_CHARS,
} from '../limits.ts';
import { openeoStatus } from '../states.ts';
import { cancelRequest } from '../use-cases/cancel-request.ts';
import { createRequest } from '../use-cases/create-request.ts';
import { getRequest } from '../use-cases/read-requests.ts';
import { retryRequest } from '../use-cases/retry-request.ts';
import type { RequestView } from '../view.ts';
import { type JobRow, jobKey, jobPk, parseJob } from './rows.ts';

/** A batch job of openEO: a process that was sent, and the request it became when it was started. */
export interface JobView {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  /** As it was sent. */
  readonly process: Readonly<Record<string, unknown>>;
  /** openEO's word: created, queued, running, canceled, finished, error. */
  readonly status: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Null until it is started. */
  readonly request: RequestView | null;
  /** What it asks for of the request's zones; null for rasters, and until it is started. */
  readonly table: PlannedTable | null;
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

/** A process that can run as a job, as JSON. @throws SwathError with openEO's code as `reason`. */
async function checkedProcess(deps: RequestDeps, project: string, process: Process): Promise<string> {
  await requestOfGraph(deps, project, await checkGraph(deps, project, { process }));
  const json = canonicalJson(process);
  if (json.length <= PROCESS_TEXT_CHARS) return json;
  throw openeoError(
    'ProcessGraphComplexity',
    `The process has ${json.length} characters; at most ${PROCESS_TEXT_CHARS}.`,
    { pointer: '/process', fix: 'Draw areas with fewer vertices.' },
  );
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
  const row: JobRow = {
    id,
    title,
    description,
    process: await checkedProcess(deps, project, process),
    createdAt: now,
    updatedAt: now,
    requestId: null,
    table: null,
    revision: 1,
  };
  await write(deps, project, row, undefined);
  return viewOf(row, null);
}

/** The row as it was before decides: Conflict means that somebody else was faster. */
async function write(
  deps: Pick<RequestDeps, 'table'>,
  project: string,
  { id, title, description, process, createdAt, updatedAt, requestId, table, revision }: JobRow,
  before: JobRow | undefined,
): Promise<void> {
  const facts = { id, title, description, process, createdAt, updatedAt, requestId, table, revision };
  await deps.table.transact([
    {
      put: { ...jobKey(project, id), ...facts },
      if: before === undefined ? { exists: false } : { equals: { revision: before.revision } },
    },
  ]);
}

function viewOf(row: JobRow, request: RequestView | null): JobView {
  const { id, title, description, createdAt, updatedAt } = row;
  return {
    id,
    title,
    description,
    process: JSON.parse(row.process) as Readonly<Record<string, unknown>>,
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
): Promise<JobView> {
  return viewOf(row, row.requestId === null ? null : await getRequest(deps, project, row.requestId));
}

/** @throws NotFound, also for jobs of other projects. */
export async function getJob(
  deps: Pick<RequestDeps, 'table' | 'work'>,
  project: string,
  id: string,
): Promise<JobView> {
  return withRequest(deps, project, await readJob(deps, project, id));
}

/** Jobs of a project, newest first. @throws InvalidInput for a foreign cursor. */
export async function listJobs(
  deps: Pick<RequestDeps, 'table' | 'work'>,
  project: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly jobs: readonly JobView[]; readonly cursor?: string }> {
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
  decide: (row: JobRow, job: JobView) => Promise<JobRow | undefined>,
): Promise<JobView> {
  for (let tries = 0; tries < MAX_COMMIT_TRIES; tries++) {
    const row = await readJob(deps, project, id);
    try {
      const next = await decide(row, await withRequest(deps, project, row));
      if (next !== undefined) await write(deps, project, next, row);
      return await getJob(deps, project, id);
    } catch (error) {
      if (!isSwathError(error, 'Conflict')) throw error;
    }
  }
  throw new SwathError('Conflict', 'The job is being changed by others.', {
    fix: 'Look at it, then try again.',
  });
}

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
  const process =
    given.process === undefined ? undefined : await checkedProcess(deps, project, given.process);
  await changing(deps, project, id, async (row, { status }) => {
    if (isActive(status))
      throw refuse('JobLocked', `The job is ${status}.`, 'Cancel it first: DELETE /jobs/{id}/results.');
    return {
      ...row,
      title: given.title === undefined ? row.title : given.title,
      description: given.description === undefined ? row.description : given.description,
      updatedAt: new Date(deps.clock.now()).toISOString(),
      revision: row.revision + 1,
      ...(process === undefined ? {} : { process, requestId: null, table: null }),
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
    const document = await checkGraph(deps, project, { process: JSON.parse(row.process) as unknown });
    const { spec, table = null } = await plannedRequest(deps, project, document);
    const created = await createRequest(deps, {
      project,
      ...(user === undefined ? {} : { user }),
      body: row.title === null || row.title === '' ? spec : { ...spec, name: row.title },
      idempotencyKey: `job-${id}-${row.revision}`,
    });
    const updatedAt = new Date(deps.clock.now()).toISOString();
    return { ...row, requestId: created.request.id, table, updatedAt, revision: row.revision + 1 };
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
  await deps.table.transact([{ delete: jobKey(project, id) }]);
}

/** What a job asks for, as a request. @throws NotFound, and what a graph is refused for. */
export async function requestOfJob(
  deps: RequestDeps,
  project: string,
  id: string,
): ReturnType<typeof requestOfGraph> {
  const { process } = await readJob(deps, project, id);
  return await requestOfGraph(
    deps,
    project,
    await checkGraph(deps, project, { process: JSON.parse(process) as unknown }),
  );
}

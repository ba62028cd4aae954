import type { GraphProblem, PlannedSpec, ProcessDocument } from '@swath/graph';
import type { Objects } from '@swath/ports';
import type { WindowWorker } from '@swath/raster';
import {
  checkGraph,
  createJob,
  deleteJob,
  deleteUserProcess,
  getJob,
  getUserProcess,
  graphProblems,
  type JobView,
  listJobs,
  listUserProcesses,
  type PlanDeps,
  planInline,
  putUserProcess,
  type RequestPlan,
  requestOfJob,
  startJob,
  stopJob,
  type UserProcess,
  updateJob,
  withProvider,
} from '@swath/requests';
import { type TakeTurns, turns } from '../pictures/turns.ts';
import type { Call } from '../route.ts';
import { type Evaluator, type EvaluatorOptions, makeEvaluator } from './evaluator/evaluator.ts';
import { RESULTS_AT_ONCE, RESULTS_WAITING } from './limits.ts';
import { notOffered } from './not-offered.ts';
import type { OidcProvider } from './oidc-provider.ts';
import type { KeptTable } from './tables/job-table.ts';

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** Sign-in as openEO's clients do it. */
export type SignIn =
  /** One machine, whose only user is whoever uses it: any name and password give a token that says nothing. */
  | { readonly kind: 'open'; readonly token: string }
  | { readonly kind: 'oidc'; readonly providers: readonly OidcProvider[] };

/** What `POST /result` computes with; absent where nothing is computed at once. */
export interface InlineCompute {
  readonly plan: (
    project: string,
    spec: unknown,
    maxPixels: number,
    signal: AbortSignal,
  ) => Promise<RequestPlan>;
  /** Computes pixels of imagery, beside this thread. */
  readonly processWindow: WindowWorker['process'];
  /** Makes products, beside this thread. */
  readonly executor: WindowWorker['executor'];
  readonly takeTurns: TakeTurns;
  /** Runs what is no request, beside this thread. */
  readonly evaluator: Evaluator;
  /** Larger answers are refused. @default any */
  readonly answerBytesMax?: number;
}

/** The use cases behind openEO's routes. Errors are SwathErrors with openEO's code as `reason`. */
export interface OpeneoService {
  readonly signIn: SignIn;
  readonly compute?: InlineCompute;
  check(project: string, body: unknown): Promise<ProcessDocument>;
  problems(project: string, body: unknown): Promise<readonly GraphProblem[]>;
  /** Collections as requests name them. */
  withProvider(project: string, planned: PlannedSpec): Promise<PlannedSpec>;
  readonly jobs: {
    create(project: string, body: unknown): Promise<JobView>;
    get(project: string, id: string): Promise<JobView>;
    list(project: string, query: PageQuery): Promise<Awaited<ReturnType<typeof listJobs>>>;
    update(project: string, id: string, body: unknown): Promise<void>;
    start(project: string, id: string, user?: string): Promise<JobView>;
    stop(project: string, id: string): Promise<void>;
    delete(project: string, id: string): Promise<void>;
    /** The request it asks for. */
    request(project: string, id: string): Promise<PlannedSpec>;
    /** The table it asked for, made of the results of its request; undefined for rasters. */
    table(project: string, job: JobView): Promise<KeptTable | undefined>;
    /** Where tables lie. */
    readonly tables: Objects;
  };
  readonly processes: {
    put(project: string, id: string, body: unknown): Promise<{ readonly version: number }>;
    get(project: string, id: string): Promise<UserProcess>;
    list(project: string, query: PageQuery): Promise<Awaited<ReturnType<typeof listUserProcesses>>>;
    delete(project: string, id: string): Promise<void>;
  };
}

export function openeoService(
  deps: PlanDeps,
  options: {
    readonly signIn: SignIn;
    readonly compute?: Pick<InlineCompute, 'processWindow' | 'executor' | 'answerBytesMax'> & {
      readonly limits?: EvaluatorOptions;
    };
  },
): OpeneoService {
  const { compute, signIn } = options;
  return {
    signIn,
    ...(compute === undefined
      ? {}
      : {
          compute: {
            ...compute,
            plan: (project, spec, maxPixels, signal) => planInline(deps, project, spec, maxPixels, signal),
            evaluator: makeEvaluator(compute.limits),
            takeTurns: turns(RESULTS_AT_ONCE, RESULTS_WAITING),
          },
        }),
    check: (project, body) => checkGraph(deps, project, body),
    problems: (project, body) => graphProblems(deps, project, body),
    withProvider: (project, planned) => withProvider(deps, project, planned),
    jobs: {
      create: (project, body) => createJob(deps, project, body),
      get: (project, id) => getJob(deps, project, id),
      list: (project, query) => listJobs(deps, project, query),
      update: (project, id, body) => updateJob(deps, project, id, body),
      start: (project, id, user) => startJob(deps, project, id, user),
      stop: (project, id) => stopJob(deps, project, id),
      delete: (project, id) => deleteJob(deps, project, id),
      request: (project, id) => requestOfJob(deps, project, id),
      async table(project, job) {
        // Only jobs with geometries have one: a cold start reads nothing of it.
        const { keepTable } = await import('./tables/job-table.ts');
        return await keepTable(deps, project, job);
      },
      tables: deps.work,
    },
    processes: {
      put: (project, id, body) => putUserProcess(deps, project, id, body),
      get: (project, id) => getUserProcess(deps, project, id),
      list: (project, query) => listUserProcesses(deps, project, query),
      delete: (project, id) => deleteUserProcess(deps, project, id),
    },
  };
}

/** @throws SwathError Unsupported where this process does not serve openEO. */
export function openeoOf({ deps }: Call): OpeneoService {
  if (deps.openeo !== undefined) return deps.openeo;
  throw notOffered();
}

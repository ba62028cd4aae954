import { isSwathError, SwathError } from '@swath/core';
import type { GraphProblem, PlannedGraph, PlannedSpec, ProcessDocument } from '@swath/graph';
import type { RequestDeps } from '../deps.ts';
import { userProcessesFor } from './user-processes.ts';

type Deps = Pick<RequestDeps, 'table'>;
type CollectionDeps = Pick<RequestDeps, 'providers' | 'ownImagery' | 'defaultProvider'>;
type NamedSpec = PlannedSpec & { readonly provider?: string };

/** The processes and what checks them, loaded by the first graph: other events need none of it. */
const graphs = () => import('@swath/graph');

/** A process with those of the user that it leads to. */
async function readGraph(
  deps: Deps,
  project: string,
  body: unknown,
  asProcess?: string,
): Promise<{ readonly document: ProcessDocument; readonly users: ReadonlyMap<string, unknown> }> {
  const { parseProcess } = await graphs();
  const parsed = parseProcess(body);
  const own = asProcess === undefined ? [] : [[asProcess, body] as const];
  const users = await userProcessesFor(deps, project, parsed, new Map(own));
  return { document: { ...parsed, id: asProcess }, users };
}

/**
 * A graph that is valid, with the processes of the user in it replaced by their nodes and defaults for parameters.
 * @param body a process, or what has one as `process`, as clients send it.
 * @param options.asProcess it is to be stored under this id: a way back to it is a circle.
 * @throws SwathError with openEO's code as `reason`, and pointer and fix.
 */
export async function checkGraph(
  deps: Deps,
  project: string,
  body: unknown,
  options: { readonly asProcess?: string } = {},
): Promise<ProcessDocument> {
  const { document, users } = await readGraph(deps, project, body, options.asProcess);
  const { assertValid, expandProcess, extendRegistry, parseUserProcesses, withDefaults } = await graphs();
  assertValid(document, extendRegistry(users));
  return withDefaults(expandProcess(document, parseUserProcesses(users)));
}

/** Everything that is wrong with a graph; empty when it may run. @throws SwathError for what is no process at all. */
export async function graphProblems(
  deps: Deps,
  project: string,
  body: unknown,
): Promise<readonly GraphProblem[]> {
  const { document, users } = await readGraph(deps, project, body);
  const { extendRegistry, validateProcess } = await graphs();
  const problems = validateProcess(document, extendRegistry(users));
  return problems.length > 0 ? problems : await planProblems(document, users);
}

/** What is wrong with the geometries of a graph that would be a request; one that only the evaluator runs has none of it. */
async function planProblems(
  document: ProcessDocument,
  users: ReadonlyMap<string, unknown>,
): Promise<readonly GraphProblem[]> {
  // A process with parameters is planned where it is used.
  if (document.parameters.length > 0) return [];
  const { expandProcess, parseUserProcesses, planGraph, withDefaults } = await graphs();
  try {
    planGraph(withDefaults(expandProcess(document, parseUserProcesses(users))));
    return [];
  } catch (error) {
    if (!isSwathError(error)) throw error;
    if (error.code === 'Unsupported') return [];
    const { code, reason = code, message, pointer = '', fix } = error;
    return [{ code: reason, message, pointer, ...(fix === undefined ? {} : { fix }) }];
  }
}

/** The collection of the catalogue that requests fill: its Items are answers, and no imagery that a provider has. */
const RESULTS = 'results';

const notImagery = () =>
  new SwathError(
    'Unsupported',
    `The collection "${RESULTS}" holds what requests made: it is not loaded as imagery.`,
    {
      reason: 'ProcessUnsupported',
      fix: 'Load the collection that the results were made of; to go on with the pixels, upload their GeoTIFFs (POST /uploads) and load that collection.',
    },
  );

/**
 * A collection of the catalogue as a request names it: one that the project brought itself goes before those of providers,
 * and ids of other providers than the default one begin with theirs.
 * @throws SwathError Unsupported for the collection of results.
 */
export async function withProvider(
  deps: CollectionDeps,
  project: string,
  planned: PlannedSpec,
): Promise<NamedSpec> {
  const [id = ''] = planned.collections ?? [];
  if (id === RESULTS) throw notImagery();
  const own = deps.ownImagery?.(project);
  if (own !== undefined && (await own.collections()).some((one) => one.id === id)) {
    return { ...planned, provider: own.id };
  }
  const provider = [...deps.providers.keys()].find((name) => id.startsWith(`${name}:`));
  if (provider === undefined) return planned;
  const collections = [id.slice(provider.length + 1)];
  return { ...planned, collections, ...(provider === deps.defaultProvider ? {} : { provider }) };
}

/**
 * The request that gives what a checked graph asks for.
 * @throws SwathError Unsupported with the node that no request expresses.
 */
export async function requestOfGraph(
  deps: CollectionDeps,
  project: string,
  document: ProcessDocument,
): Promise<NamedSpec> {
  return (await plannedRequest(deps, project, document)).spec;
}

/** The same, with what the graph asks for of its results. @throws as {@link requestOfGraph}. */
export async function plannedRequest(
  deps: CollectionDeps,
  project: string,
  document: ProcessDocument,
): Promise<PlannedGraph & { readonly spec: NamedSpec }> {
  const { planGraph } = await graphs();
  const planned = planGraph(document);
  return { ...planned, spec: await withProvider(deps, project, planned.spec) };
}

import { canonicalJson, contentHash, isSwathError, SwathError } from '@swath/core';
import type { ProcessDocument } from '@swath/graph';
import { openeoError } from '@swath/graph/exceptions';
import type { Row } from '@swath/ports';
import * as z from 'zod';
import type { RequestDeps } from '../deps.ts';
import {
  MAX_COMMIT_TRIES,
  MAX_PAGE,
  PROCESS_TEXT_CHARS,
  USER_PROCESS_ID,
  USER_PROCESSES_MAX,
} from '../limits.ts';
import { checkGraph } from './check-graph.ts';
import { type ProcessHead, parseProcessHead, processHeadKey, processPk, processVersionKey } from './rows.ts';

type Deps = Pick<RequestDeps, 'table' | 'clock'>;

/** A process of the user in openEO's words; what it says besides is kept as it came. */
export type UserProcess = Readonly<Record<string, unknown>> & { readonly id: string };

const words = z.looseObject({
  process_graph: z.looseObject({}),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z.array(z.looseObject({ name: z.string() })).optional(),
});

const nothing = (id: string) =>
  new SwathError('NotFound', `There is no user-defined process "${id.slice(0, 80)}".`, {
    reason: 'ProcessGraphNotFound',
    fix: 'GET /process_graphs lists those of the project.',
  });

const documentOf = ({ id, text }: ProcessHead): UserProcess => ({
  ...(JSON.parse(text) as Readonly<Record<string, unknown>>),
  id,
});

/** @throws SwathError InvalidInput with the JSON pointer. */
async function checkWords(id: string, body: unknown): Promise<z.output<typeof words>> {
  if (!USER_PROCESS_ID.test(id))
    throw openeoError('ProcessParameterInvalid', 'The id of a process has 1 to 128 letters, digits and _.', {
      pointer: '/id',
      fix: 'Choose one such as "my_index".',
    });
  const { registry } = await import('@swath/graph');
  if (registry.has(id))
    throw new SwathError('InvalidInput', `There is a predefined process "${id}".`, {
      reason: 'PredefinedProcessExists',
      pointer: '/id',
      fix: 'Choose another id.',
    });
  const parsed = words.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw openeoError(
    issue?.path[0] === 'process_graph' ? 'ProcessGraphMissing' : 'ProcessGraphInvalid',
    `${issue?.message ?? 'Not a process'}.`,
    {
      pointer: `/${issue?.path.join('/') ?? ''}`,
      fix: 'Send {"process_graph": {...}, "parameters": [...]}.',
    },
  );
}

/**
 * Stores a process under an id: version 1, or the next version when it differs from the newest.
 * @throws SwathError InvalidInput with openEO's code as `reason`, LimitExceeded; Conflict when others change it at once.
 */
export async function putUserProcess(
  deps: Deps,
  project: string,
  id: string,
  body: unknown,
): Promise<{ readonly version: number }> {
  const document = { ...(await checkWords(id, body)), id };
  const text = canonicalJson(document);
  if (text.length > PROCESS_TEXT_CHARS)
    throw openeoError(
      'ProcessGraphComplexity',
      `The process has ${text.length} characters; at most ${PROCESS_TEXT_CHARS}.`,
      { pointer: '', fix: 'Make it smaller.' },
    );
  await checkGraph(deps, project, document, { asProcess: id });
  const hash = contentHash(document);
  for (let tries = 0; tries < MAX_COMMIT_TRIES; tries++) {
    const before = await readHead(deps, project, id);
    if (before !== undefined && !before.deleted && before.hash === hash) return { version: before.version };
    const version = (before?.version ?? 0) + 1;
    const facts = { id, version, hash, text, updatedAt: new Date(deps.clock.now()).toISOString() };
    const head: Row = { ...processHeadKey(project, id), ...facts, deleted: false };
    try {
      await deps.table.transact([
        { put: head, if: before === undefined ? { exists: false } : { equals: { version: before.version } } },
        { put: { ...processVersionKey(project, id, version), ...facts }, if: { exists: false } },
      ]);
      return { version };
    } catch (error) {
      if (!isSwathError(error, 'Conflict')) throw error;
    }
  }
  throw new SwathError('Conflict', `The process "${id}" is being changed by others.`, {
    fix: 'Look at it again, then send your change.',
  });
}

async function readHead(
  deps: Pick<Deps, 'table'>,
  project: string,
  id: string,
): Promise<ProcessHead | undefined> {
  const row = USER_PROCESS_ID.test(id) ? await deps.table.get(processHeadKey(project, id)) : undefined;
  return row === undefined ? undefined : parseProcessHead(row);
}

/** The newest version. @throws SwathError NotFound. */
export async function getUserProcess(deps: Deps, project: string, id: string): Promise<UserProcess> {
  const head = await readHead(deps, project, id);
  if (head === undefined || head.deleted) throw nothing(id);
  return documentOf(head);
}

/** Processes of the project by id, newest versions. @throws InvalidInput for a foreign cursor. */
export async function listUserProcesses(
  deps: Deps,
  project: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly processes: readonly UserProcess[]; readonly cursor?: string }> {
  const page = await deps.table.query({
    partition: processPk(project),
    prefix: 'HEAD#',
    limit: Math.min(limit, MAX_PAGE),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const heads = page.rows.map(parseProcessHead).filter(({ deleted }) => !deleted);
  return {
    processes: heads.map(documentOf),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  };
}

/** Takes a process out of the listing; graphs that name it are refused from then on. @throws NotFound. */
export async function deleteUserProcess(deps: Deps, project: string, id: string): Promise<void> {
  const head = await readHead(deps, project, id);
  if (head === undefined || head.deleted) throw nothing(id);
  await deps.table.transact([
    {
      update: processHeadKey(project, id),
      set: { deleted: true },
      if: { equals: { version: head.version, deleted: false } },
    },
  ]);
}

/** Every user-defined process that a graph leads to, by id, those that they lead to included. */
export async function userProcessesFor(
  deps: Pick<Deps, 'table'>,
  project: string,
  document: ProcessDocument,
  known: ReadonlyMap<string, unknown> = new Map(),
): Promise<ReadonlyMap<string, unknown>> {
  const found = new Map<string, unknown>(known);
  const asked = new Set(known.keys());
  const { parseProcess, unknownProcesses } = await import('@swath/graph');
  const open = [...unknownProcesses(document)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (asked.has(id)) continue;
    asked.add(id);
    const head = await readHead(deps, project, id);
    if (head === undefined || head.deleted) continue;
    if (found.size >= USER_PROCESSES_MAX)
      throw openeoError(
        'ProcessGraphComplexity',
        `The graph leads to over ${USER_PROCESSES_MAX} user-defined processes.`,
        { pointer: '', fix: 'Use fewer.' },
      );
    const process = documentOf(head);
    found.set(id, process);
    open.push(...unknownProcesses(parseProcess(process)));
  }
  return found;
}

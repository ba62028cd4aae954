import type { SwathError } from '@swath/core';
import { exceptionMeanings, openeoError, quoted } from '../exceptions.ts';
import { arrayProcesses } from '../processes/arrays.ts';
import { comparisonProcesses } from '../processes/comparison.ts';
import { cubeProcesses } from '../processes/cubes/index.ts';
import { dateProcesses } from '../processes/dates.ts';
import { imageryProcesses } from '../processes/imagery.ts';
import { logicProcesses } from '../processes/logic.ts';
import { mathProcesses } from '../processes/math.ts';
import { seriesProcesses } from '../processes/series.ts';
import { statisticsProcesses } from '../processes/statistics.ts';
import { textProcesses } from '../processes/texts.ts';
import { trigonometryProcesses } from '../processes/trigonometry.ts';
import type { Process, ProcessParameter } from './definition.ts';
import type { Schema } from './schema.ts';

/** A process in the format of openEO's `/processes`. */
export interface JsonProcess {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly parameters: readonly ProcessParameter[];
  readonly returns: { readonly description: string; readonly schema: Schema | readonly Schema[] };
  readonly exceptions?: Readonly<Record<string, { readonly message: string }>>;
  readonly experimental?: true;
}

/** Processes by id. */
export type Registry = ReadonlyMap<string, Process>;

/** Everything Swath knows. */
export const registry: Registry = new Map(
  [
    ...mathProcesses,
    ...trigonometryProcesses,
    ...logicProcesses,
    ...comparisonProcesses,
    ...statisticsProcesses,
    ...arrayProcesses,
    ...seriesProcesses,
    ...textProcesses,
    ...dateProcesses,
    ...cubeProcesses,
    ...imageryProcesses,
  ]
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((process) => [process.id, process]),
);

/** All processes as `/processes` lists them, by id. */
export function processDefinitions(processes: Registry = registry): readonly JsonProcess[] {
  return [...processes.values()].map(({ run: _, isUsers: _users, exceptions, experimental, ...words }) => ({
    ...words,
    ...(exceptions.length === 0
      ? {}
      : {
          exceptions: Object.fromEntries(
            exceptions.map((name) => [name, { message: exceptionMeanings[name] }]),
          ),
        }),
    ...(experimental === undefined ? {} : { experimental }),
  }));
}

/** The process a node names; `user` is openEO's namespace of user-defined processes. */
export function findProcess(id: string, namespace: string | null, processes: Registry): Process | undefined {
  const process = processes.get(id);
  return namespace === null || (namespace === 'user' && process?.isUsers === true) ? process : undefined;
}

/** Says that there is no such process, where it was asked for. */
export function unsupported(id: string, namespace: string | null, node: string, pointer: string): SwathError {
  const whose = namespace === null ? '' : ` of the namespace ${quoted(namespace)}`;
  return openeoError(
    'ProcessUnsupported',
    `The node ${quoted(node)} needs the process ${quoted(id)}${whose}, which Swath does not have.`,
    {
      pointer,
      fix: 'GET /processes and "swath graph processes" list those it has.',
    },
  );
}

import { Worker } from 'node:worker_threads';
import { SwathError } from '@swath/core';
import type { GraphNode } from '@swath/graph';
import { EVALUATOR_START_MS, RESULT_EVALUATION_MS, RESULT_HEAP_MIB, RESULT_STEPS_MAX } from '../limits.ts';
import {
  type EvaluationTask,
  type FromEvaluator,
  type ResultFile,
  receivedError,
  type SentTask,
  WRITING,
} from './messages.ts';

export interface EvaluatorOptions {
  /** Milliseconds for one evaluation, from when its thread begins with it. @default RESULT_EVALUATION_MS */
  readonly timeMs?: number;
  /** MiB of heap. @default RESULT_HEAP_MIB */
  readonly heapMib?: number;
  /** Calls of processes. @default RESULT_STEPS_MAX */
  readonly maxSteps?: number;
}

/** Evaluates graphs of strangers beside the thread that answers callers. */
export interface Evaluator {
  /**
   * @param order nodes of the graph as they run, to name the one that took too much.
   * @throws SwathError what the evaluation throws; LimitExceeded (ProcessGraphComplexity) with the node that was running when
   *   time or memory ended; Cancelled.
   */
  evaluate(task: EvaluationTask, order: readonly GraphNode[], signal: AbortSignal): Promise<ResultFile>;
  close(): Promise<void>;
}

/** The module a thread starts with: beside this one, as a source or in a bundle. */
const workerModule = new URL(
  import.meta.url.endsWith('.ts') ? './start-evaluator.ts' : './start-evaluator.mjs',
  import.meta.url,
);

function overrun(what: string, position: number, order: readonly GraphNode[]): SwathError {
  const node = order[position];
  const where =
    node === undefined
      ? position === WRITING
        ? 'while its result was written'
        : 'before its first node'
      : `in its node "${node.id}" (${node.processId})`;
  return new SwathError('LimitExceeded', `The graph ${what} ${where}.`, {
    reason: 'ProcessGraphComplexity',
    fix: 'Use a smaller area, fewer dates or a coarser grid, or do less in that node; large graphs run as batch jobs (POST /jobs).',
    ...(node === undefined ? {} : { pointer: node.pointer }),
  });
}

/**
 * A worker thread for each evaluation at a time. One that has ended well is kept for the next: starting takes 0.2 s. One that
 * overran is ended. An idle thread does not keep the process alive.
 */
export function makeEvaluator({
  timeMs = RESULT_EVALUATION_MS,
  heapMib = RESULT_HEAP_MIB,
  maxSteps = RESULT_STEPS_MAX,
}: EvaluatorOptions = {}): Evaluator {
  let idle: Worker | undefined;
  const busy = new Set<Worker>();

  function take(): Worker {
    const worker = idle ?? new Worker(workerModule, { resourceLimits: { maxOldGenerationSizeMb: heapMib } });
    idle = undefined;
    worker.removeAllListeners();
    worker.ref();
    busy.add(worker);
    return worker;
  }

  function keep(worker: Worker): void {
    worker.removeAllListeners();
    if (idle !== undefined) {
      void worker.terminate();
      return;
    }
    idle = worker;
    worker.unref();
    const forget = () => {
      if (idle === worker) idle = undefined;
    };
    // Without a listener an error of a thread ends the process.
    worker.on('error', forget).on('exit', forget);
  }

  return {
    evaluate(task, order, signal) {
      const position = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
      const sent: SentTask = { ...task, position, maxSteps };
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new SwathError('Cancelled', 'The caller has gone.'));
        const worker = take();
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          busy.delete(worker);
        };
        const stop = (error: SwathError) => {
          end();
          worker.removeAllListeners();
          // Rejections of a thread that is ended on purpose concern nobody.
          worker.on('error', () => {});
          void worker.terminate().then(() => reject(error));
        };
        const leave = () => stop(new SwathError('Cancelled', 'The caller has gone.'));
        const late = () =>
          stop(overrun(`did not end within ${timeMs / 1000} s`, Atomics.load(position, 0), order));
        const unstarted = () =>
          stop(new SwathError('Unavailable', 'The thread that evaluates graphs did not start.'));
        let timer = setTimeout(unstarted, EVALUATOR_START_MS);
        signal.addEventListener('abort', leave, { once: true });
        worker.on('message', (answer: FromEvaluator) => {
          if (answer.kind === 'started') {
            clearTimeout(timer);
            timer = setTimeout(late, timeMs);
            return;
          }
          end();
          keep(worker);
          if (answer.kind === 'done') resolve(answer.file);
          else reject(receivedError(answer.error));
        });
        worker.on('error', (cause) => {
          const isMemory = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
          stop(
            isMemory
              ? overrun(`needs more than ${heapMib} MiB`, Atomics.load(position, 0), order)
              : new SwathError('Bug', `the evaluating thread failed: ${cause.message}`, { cause }),
          );
        });
        worker.on('exit', (code) => stop(new SwathError('Bug', `the evaluating thread ended with ${code}`)));
        worker.postMessage(
          sent,
          sent.cubes.flatMap(({ values, missing }) => [values.buffer, missing.buffer]),
        );
      });
    },
    async close() {
      const all = [...busy, ...(idle === undefined ? [] : [idle])];
      idle = undefined;
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

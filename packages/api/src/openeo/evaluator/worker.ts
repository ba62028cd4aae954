import { parentPort } from 'node:worker_threads';
import { SwathError } from '@swath/core';
import { evaluateImagery } from '@swath/graph';
import { RESULT_LIVE_CELLS_MAX } from '../limits.ts';
import { writeResult } from '../result-file.ts';
import { type FromEvaluator, type SentTask, sentError, WRITING } from './messages.ts';
import { receivedCube } from './sent-cube.ts';

const port = parentPort;
if (port === null) throw new SwathError('Bug', 'this module runs in a worker thread');

async function evaluated({
  document,
  cubes,
  format,
  folder,
  position,
  maxSteps,
}: SentTask): Promise<FromEvaluator> {
  try {
    const at = (node: number) => Atomics.store(position, 0, node);
    const value = evaluateImagery(
      { document },
      new Map(cubes.map((cube) => [cube.id, receivedCube(cube)] as const)),
      { maxSteps, maxLiveCells: RESULT_LIVE_CELLS_MAX, onNode: at },
    );
    at(WRITING);
    return { kind: 'done', file: await writeResult(value, format, folder) };
  } catch (error) {
    return { kind: 'failed', error: sentError(error) };
  }
}

port.on('message', async (task: SentTask) => {
  port.postMessage({ kind: 'started' } satisfies FromEvaluator);
  const answer = await evaluated(task);
  port.postMessage(answer);
});

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { SharedSystem } from './shared-system.ts';
import { type Started, startScript, temporaryFolder } from './start.ts';

/** Time to start one on a busy machine. */
export const START_TIMEOUT_MS = 240_000;

/** The system that all test files share, with the nine results of the first request. It is for reading: others count what is there. */
export async function sharedSystem(): Promise<SharedSystem> {
  const answer = await fetch(inject('sharedSystem'));
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as SharedSystem;
}

export interface OwnSystem {
  readonly url: string;
  readonly started: Started;
  stop(): Promise<void>;
}

/** A system of the test's own, in a folder that goes with it; the sample catalogue is a copy of the shared one. */
export async function startSystem(
  prefix: string,
  env: Readonly<Record<string, string>> = {},
): Promise<OwnSystem> {
  const { sample } = await sharedSystem();
  const folder = temporaryFolder(prefix);
  cpSync(sample, join(folder.path, 'sample'), { recursive: true });
  const started = startScript('packages/cli/src/start.ts', [], {
    SWATH_DATA: folder.path,
    SWATH_PORT: '0',
    ...env,
  });
  const stop = async () => {
    started.process.kill('SIGINT');
    await started.finished;
    folder.remove();
  };
  try {
    const url = (await started.saw(/stays up at (http:\S+)/))[1] ?? '';
    return { url, started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

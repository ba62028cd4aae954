import { type CompactDeps, type Compacted, compact } from '@swath/analytics';
import { s3Buckets } from '@swath/aws/buckets';
import { jsonLogger } from '@swath/core';
import { systemClock } from '@swath/ports/memory/index';
import { parseEnvironment } from '../support/environment.ts';
import { contract } from './contract.ts';

/** Merges the small files of the analysts' tables, on a schedule. What the event says does not matter. */
export const makeHandler =
  (deps: CompactDeps) =>
  async (_event: unknown): Promise<Compacted> => {
    const done = await compact(deps);
    deps.log.info('Tables:Compact:Done', { ...done });
    return done;
  };

let made: ReturnType<typeof makeHandler> | undefined;

export const handler = async (event: unknown): Promise<Compacted> => {
  made ??= makeHandler(fromEnvironment());
  return made(event);
};

function fromEnvironment(): CompactDeps {
  const { SWATH_ANALYTICS_BUCKET } = parseEnvironment(contract.environment, process.env);
  const clock = systemClock();
  return {
    analytics: s3Buckets().bucket(SWATH_ANALYTICS_BUCKET),
    clock,
    log: jsonLogger((line) => process.stdout.write(line), clock.now),
  };
}

import { metricLine } from '@swath/core';
import { countOpen, type OpenRequests, type Reconciled, type RequestDeps, reconcile } from '@swath/requests';
import type { UploadDeps } from '@swath/uploads';
import { sweepUploads } from '@swath/uploads/sweep';
import { lazily } from '../support/from-env.ts';
import { METRIC_NAMESPACE, metricNames } from '../support/metrics.ts';
import { uploadsFromEnv } from '../support/uploads-from-env.ts';

/** Takes lines of the embedded metric format. */
export interface MetricSink {
  readonly functionName: string;
  readonly write: (line: string) => void;
}

/**
 * The sweep, on a schedule. What the event says does not matter.
 * @param sink where what is left open is told. @default nowhere
 * @param uploads are swept, too. @default there are none
 */
export const makeHandler =
  (deps: RequestDeps, sink?: MetricSink, uploads?: UploadDeps) =>
  async (_event: unknown): Promise<Reconciled> => {
    const done = await reconcile(deps);
    if (uploads !== undefined) {
      deps.log.info('Uploads:Sweep:Done', { ...(await sweepUploads(uploads)) });
    }
    deps.log.info('Reconcile:Run:Done', { ...done });
    if (sink !== undefined) {
      for (const line of metricLines(await countOpen(deps), sink.functionName, deps.clock.now()))
        sink.write(line);
    }
    return done;
  };

/** Nothing while nothing is open: a metric is billed for the hours in which it is told. */
function metricLines(open: OpenRequests, functionName: string, timeMs: number): readonly string[] {
  if (open.byState.size === 0) return [];
  const common = { namespace: METRIC_NAMESPACE, timeMs };
  return [
    ...[...open.byState].map(([state, value]) =>
      metricLine({
        ...common,
        dimensions: { FunctionName: functionName, State: state },
        values: { [metricNames.openRequests]: { value, unit: 'Count' } },
      }),
    ),
    metricLine({
      ...common,
      dimensions: { FunctionName: functionName },
      values: { [metricNames.oldestRequest]: { value: open.oldestS, unit: 'Seconds' } },
    }),
  ];
}

export const handler = lazily((deps) =>
  makeHandler(
    deps,
    {
      functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'reconcile',
      write: (line) => process.stdout.write(line),
    },
    uploadsFromEnv(deps),
  ),
);

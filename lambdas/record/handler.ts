import { recordRequest, type TableFiles } from '@swath/analytics';
import { s3Buckets } from '@swath/aws/buckets';
import { type Recorder, type RequestDeps, recordEnded, usageRecorder } from '@swath/requests';
import { parseEnvironment } from '../support/environment.ts';
import { lazily } from '../support/from-env.ts';
import { queueHandler } from '../support/queue-handler.ts';
import { contract } from './contract.ts';

export interface RecordDeps extends RequestDeps {
  /** Parquet files of the analysts' tables. */
  readonly analytics: TableFiles;
}

/** Everybody who keeps records of ended requests. Each is idempotent; one that fails has all of them called again. */
const recorders = (deps: RecordDeps): readonly Recorder[] => [
  (record) => recordRequest({ analytics: deps.analytics, results: deps.results }, record),
  usageRecorder(deps),
];

/** Ended requests: rows for SQL, and the sums of their project. */
export const makeHandler = queueHandler<RecordDeps>(contract.name, (deps, message) =>
  recordEnded(deps, message, recorders(deps)),
);

export const handler = lazily((deps) => {
  const { SWATH_ANALYTICS_BUCKET } = parseEnvironment(contract.environment, process.env);
  return makeHandler({ ...deps, analytics: s3Buckets().bucket(SWATH_ANALYTICS_BUCKET) });
});

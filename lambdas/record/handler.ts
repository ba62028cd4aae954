import { recordRequest, type TableFiles } from '@swath/analytics';
import { s3Buckets } from '@swath/aws/buckets';
import { type Rates, type Recorder, type RequestDeps, recordEnded, usageRecorder } from '@swath/requests';
import { listRates, ratesOf } from '@swath/requests/cost/rates';
import { parseEnvironment } from '../support/environment.ts';
import { lazily } from '../support/from-env.ts';
import { queueHandler } from '../support/queue-handler.ts';
import { contract } from './contract.ts';

export interface RecordDeps extends RequestDeps {
  /** Parquet files of the analysts' tables. */
  readonly analytics: TableFiles;
  /** Of the price of a request. @default the list prices */
  readonly rates?: Rates;
}

/** Everybody who keeps records of ended requests. Each is idempotent; one that fails has all of them called again. */
const recorders = (deps: RecordDeps): readonly Recorder[] => [
  (record) => recordRequest(deps, record),
  usageRecorder(deps, deps.rates ?? listRates),
];

/** Ended requests: rows for SQL, and the sums of their project. */
export const makeHandler = queueHandler<RecordDeps>(contract.name, (deps, message) =>
  recordEnded(deps, message, recorders(deps)),
);

export const handler = lazily((deps) => {
  const environment = parseEnvironment(contract.environment, process.env);
  const analytics = s3Buckets().bucket(environment.SWATH_ANALYTICS_BUCKET);
  return makeHandler({ ...deps, analytics, rates: ratesOf(environment.SWATH_PRICES) });
});

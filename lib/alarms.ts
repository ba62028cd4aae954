import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { contract as reconcile } from '../lambdas/reconcile/contract.ts';
import { METRIC_NAMESPACE, metricNames } from '../lambdas/support/metrics.ts';
import type { StageName } from './config.ts';
import type { RunbookSection } from './runbook.ts';

/** What metrics are of. */
export interface Watched {
  readonly apiId: string;
  /** Every Lambda of ours, by name. */
  readonly functions: ReadonlyMap<string, IFunction>;
  /** Of the metric filters over the jobs' log. */
  readonly jobsNamespace: string;
}

export interface AlarmSpec {
  /** Name of the construct. */
  readonly id: string;
  readonly section: RunbookSection;
  /** What is wrong when it rings, in one sentence. */
  readonly means: string;
  readonly metric: (watched: Watched) => IMetric;
  readonly threshold: number;
  readonly comparison: 'above' | 'below';
  /** Periods of the metric that have to be wrong in a row. */
  readonly periods: number;
  /** Not in dev: every metric of an alarm bills while idle. @default in every stage */
  readonly stage?: 'prod';
  /** What no data means. @default all is well: nothing happened */
  readonly missing?: 'wrong';
}

const fiveMinutes = Duration.minutes(5);

export const apiMetric = (apiId: string, metricName: string, statistic: string) =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: apiId },
    statistic,
    period: fiveMinutes,
  });

/** Functions whose errors the API's alarms show already: those that people wait for. */
export const behindTheApi: ReadonlySet<string> = new Set(['api', 'image', 'authorizer']);

/** Errors of all functions that nobody waits for, as one number. An alarm adds up ten metrics at most. */
function backgroundErrors(functions: ReadonlyMap<string, IFunction>): IMetric {
  const metrics = [...functions]
    .filter(([name]) => !behindTheApi.has(name))
    .map(([, one]) => one.metricErrors({ statistic: 'Sum', period: fiveMinutes }));
  return new MathExpression({
    expression: metrics.map((_, i) => `FILL(m${i}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric])),
    label: 'Errors',
    period: fiveMinutes,
  });
}

/** Calls Lambda refused for want of concurrency, which all functions of the account and region share. */
export const throttles = () =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    statistic: 'Sum',
    period: fiveMinutes,
    label: 'refused (account)',
  });

export function functionNamed(functions: ReadonlyMap<string, IFunction>, name: string): IFunction {
  const found = functions.get(name);
  if (found === undefined) throw new RangeError(`There is no function "${name}".`);
  return found;
}

/** What the sweep tells of requests that have not ended. */
export const requestMetric = (
  functions: ReadonlyMap<string, IFunction>,
  metricName: (typeof metricNames)[keyof typeof metricNames],
  more: Readonly<Record<string, string>> = {},
) =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { FunctionName: functionNamed(functions, 'reconcile').functionName, ...more },
    statistic: 'Maximum',
    period: fiveMinutes,
  });

export const jobMetricNames = { chunks: 'ChunksDone', failed: 'JobsFailed' } as const;

export const jobMetric = (namespace: string, metricName: string, period = fiveMinutes) =>
  new Metric({ namespace, metricName, statistic: 'Sum', period });

/** Attempts end after 24 h whatever happens, and there are at most three in a row without somebody asking. */
const OLDEST_REQUEST_S = 72 * 3600;

/** Every alarm besides those of queues, which their constructs bring. docs/runbook.md has a section for each. */
export const alarms: readonly AlarmSpec[] = [
  {
    id: 'ApiErrors',
    section: 'api-errors',
    means: 'The API answers 5xx: more than 5 in 5 minutes, twice in a row.',
    metric: ({ apiId }) => apiMetric(apiId, '5xx', 'Sum'),
    threshold: 5,
    comparison: 'above',
    periods: 2,
  },
  {
    id: 'ApiSlow',
    section: 'api-slow',
    means: 'One call in twenty takes more than 10 s, for 15 minutes.',
    metric: ({ apiId }) => apiMetric(apiId, 'Latency', 'p95'),
    threshold: 10_000,
    comparison: 'above',
    periods: 3,
  },
  {
    id: 'AuthorizerErrors',
    section: 'authorizer-errors',
    means: 'Nobody can be let in: the keys of the issuer, or the origin secret, cannot be read.',
    metric: ({ functions }) =>
      functionNamed(functions, 'authorizer').metricErrors({ statistic: 'Sum', period: fiveMinutes }),
    threshold: 3,
    comparison: 'above',
    periods: 1,
  },
  {
    id: 'FunctionErrors',
    section: 'function-errors',
    // A metric for each function: most of what alarms would cost. What fails ends in a dead-letter queue, which rings.
    stage: 'prod',
    means: 'Functions behind queues and schedules end in errors: more than 5 in 5 minutes, all together.',
    metric: ({ functions }) => backgroundErrors(functions),
    threshold: 5,
    comparison: 'above',
    periods: 1,
  },
  {
    id: 'FunctionThrottles',
    section: 'function-throttles',
    means: "Functions are refused: the account's limit of concurrent executions is reached.",
    metric: throttles,
    threshold: 10,
    comparison: 'above',
    periods: 2,
  },
  {
    id: 'SweepSilent',
    section: 'sweep-silent',
    means: 'The sweep has not run for 15 minutes: lost work is not found.',
    metric: ({ functions }) =>
      functionNamed(functions, 'reconcile').metricInvocations({
        statistic: 'Sum',
        period: Duration.seconds(reconcile.periodS),
      }),
    threshold: 1,
    comparison: 'below',
    periods: 3,
    missing: 'wrong',
  },
  {
    id: 'OldestRequest',
    section: 'oldest-request',
    means: 'A request has not ended for three days.',
    metric: ({ functions }) => requestMetric(functions, metricNames.oldestRequest),
    threshold: OLDEST_REQUEST_S,
    comparison: 'above',
    periods: 1,
  },
  {
    id: 'JobFailures',
    section: 'job-failures',
    means: 'Jobs fail: more than 5 in 15 minutes.',
    metric: ({ jobsNamespace }) => jobMetric(jobsNamespace, jobMetricNames.failed, Duration.minutes(15)),
    threshold: 5,
    comparison: 'above',
    periods: 1,
  },
];

export const alarmsOf = (stage: StageName): readonly AlarmSpec[] =>
  alarms.filter((spec) => spec.stage === undefined || spec.stage === stage);

export const comparisonOf = {
  above: ComparisonOperator.GREATER_THAN_THRESHOLD,
  below: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

export const missingOf = (spec: AlarmSpec): TreatMissingData =>
  spec.missing === 'wrong' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING;

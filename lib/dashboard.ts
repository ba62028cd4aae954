import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { metricNames, openStates } from '../lambdas/support/metrics.ts';
import {
  apiMetric,
  behindTheApi,
  functionNamed,
  jobMetric,
  jobMetricNames,
  requestMetric,
  throttles,
  type Watched,
} from './alarms.ts';
import type { DeadLetterQueue } from './constructs/dead-letter-queue.ts';
import type { WorkQueue } from './constructs/work-queue.ts';

export interface DashboardParts extends Watched {
  readonly queues: Readonly<Record<string, WorkQueue>>;
  /** Dead-letter queues that belong to no work queue. */
  readonly dead: readonly DeadLetterQueue[];
  readonly alarms: readonly Alarm[];
}

const fiveMinutes = Duration.minutes(5);
const THIRD = 8;
const HEIGHT = 6;

const graph = (title: string, left: readonly IMetric[], more: object = {}) =>
  new GraphWidget({
    title,
    width: THIRD,
    height: HEIGHT,
    left: [...left],
    leftYAxis: { min: 0, showUnits: false },
    ...more,
  });

/**
 * One page, from what users feel to what it costs: requests and chunks, queues and what was set aside, functions and
 * machines, money. Top to bottom is the order in which to look.
 */
export function dashboardRows(parts: DashboardParts): readonly (readonly IWidget[])[] {
  return [
    [new AlarmStatusWidget({ title: 'Alarms', alarms: [...parts.alarms], width: 24, height: 3 })],
    requestRow(parts),
    queueRow(parts),
    machineRow(parts),
    costRow(),
  ];
}

function requestRow({ functions, jobsNamespace }: DashboardParts): readonly IWidget[] {
  const byState = openStates.map((state) =>
    requestMetric(functions, metricNames.openRequests, { State: state }).with({ label: state }),
  );
  const chunks = jobMetric(jobsNamespace, jobMetricNames.chunks, Duration.minutes(1));
  return [
    graph('Open requests by state', byState, { stacked: true }),
    graph('Age of the oldest open request, hours', [
      new MathExpression({
        expression: 'seconds / 3600',
        usingMetrics: { seconds: requestMetric(functions, metricNames.oldestRequest) },
        label: 'hours',
        period: fiveMinutes,
      }),
    ]),
    graph('Chunks per minute', [chunks.with({ label: 'done' })], {
      right: [
        jobMetric(jobsNamespace, jobMetricNames.failed, Duration.minutes(1)).with({ label: 'jobs failed' }),
      ],
      rightYAxis: { min: 0, showUnits: false },
    }),
  ];
}

function queueRow({ queues, dead, apiId }: DashboardParts): readonly IWidget[] {
  const all = Object.entries(queues);
  const deadOf = (queue: DeadLetterQueue['queue'], label: string) =>
    queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: fiveMinutes, label });
  return [
    graph(
      'Age of the oldest message, seconds',
      all.map(([label, { queue }]) =>
        queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: fiveMinutes, label }),
      ),
    ),
    graph('Dead letters', [
      ...all.map(([name, { deadLetter }]) => deadOf(deadLetter.queue, name)),
      ...dead.map(({ queue, node }) => deadOf(queue, node.id)),
    ]),
    graph(
      'Calls of the API',
      [
        apiMetric(apiId, 'Count', 'Sum').with({ label: 'all' }),
        apiMetric(apiId, '4xx', 'Sum').with({ label: '4xx' }),
        apiMetric(apiId, '5xx', 'Sum').with({ label: '5xx' }),
      ],
      {
        right: [apiMetric(apiId, 'Latency', 'p95').with({ label: 'p95, ms' })],
        rightYAxis: { min: 0, showUnits: false },
      },
    ),
  ];
}

/** AWS gives an account three dashboards for good, of 50 metrics at most: times of the functions people wait for only. */
function machineRow({ functions }: DashboardParts): readonly IWidget[] {
  const each = (names: readonly string[], name: 'Errors' | 'Duration', statistic: string) =>
    names.map((label) =>
      functionNamed(functions, label).metric(name, { statistic, period: fiveMinutes, label }),
    );
  return [
    graph('Errors of functions', each([...functions.keys()], 'Errors', 'Sum'), { right: [throttles()] }),
    graph('Time of functions people wait for, p95, ms', each([...behindTheApi], 'Duration', 'p95')),
    graph('vCPU of Batch in this account', [vcpu('Standard/Spot'), vcpu('Standard/OnDemand')]),
  ];
}

/** Fargate's use as AWS counts it against the quota: of the whole account. */
const vcpu = (usage: 'Standard/Spot' | 'Standard/OnDemand') =>
  new Metric({
    namespace: 'AWS/Usage',
    metricName: 'ResourceCount',
    dimensionsMap: { Service: 'Fargate', Type: 'Resource', Resource: 'vCPU', Class: usage },
    statistic: 'Maximum',
    period: fiveMinutes,
    label: usage.slice('Standard/'.length),
  });

/** AWS says what it bills in us-east-1 only, about every six hours, where billing alerts are switched on. */
function costRow(): readonly IWidget[] {
  const charges = new Metric({
    namespace: 'AWS/Billing',
    metricName: 'EstimatedCharges',
    dimensionsMap: { Currency: 'USD' },
    statistic: 'Maximum',
    period: Duration.days(1),
    region: 'us-east-1',
  });
  return [
    new GraphWidget({
      title: 'Cost per day, USD, whole account',
      width: 2 * THIRD,
      height: HEIGHT,
      region: 'us-east-1',
      left: [
        new MathExpression({
          expression: 'IF(DIFF(charges) >= 0, DIFF(charges), charges)',
          usingMetrics: { charges },
          label: 'USD a day',
          period: Duration.days(1),
          searchRegion: 'us-east-1',
        }),
      ],
      leftYAxis: { min: 0, showUnits: false },
    }),
    new TextWidget({
      width: THIRD,
      height: HEIGHT,
      markdown: [
        '### What to do',
        'Every alarm has its section in `docs/runbook.md`, named in its description.',
        '',
        'Cost appears where *Receive CloudWatch billing alerts* is on (Billing preferences). By project and day: view',
        '`cost_per_project_and_day` in Athena.',
      ].join('\n'),
    }),
  ];
}

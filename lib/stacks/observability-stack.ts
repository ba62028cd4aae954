import { CfnOutput } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm, Dashboard, PeriodOverride } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../lambdas/support/metrics.ts';
import {
  type AlarmSpec,
  alarmsOf,
  comparisonOf,
  jobMetricNames,
  missingOf,
  type Watched,
} from '../alarms.ts';
import { dashboardRows } from '../dashboard.ts';
import { runbookSection } from '../runbook.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { Analytics } from './analytics-stack.ts';
import type { Api } from './api-stack.ts';
import type { Events } from './events-stack.ts';
import type { Ordering } from './ordering-stack.ts';
import type { Processing } from './processing-stack.ts';

export interface ObservabilityStackProps extends StageStackProps {
  readonly events: Events;
  readonly processing: Processing;
  readonly ordering: Ordering;
  readonly api: Api;
  readonly analytics: Analytics;
}

/** What a person looks at, and what wakes one. */
export class ObservabilityStack extends StageStack {
  constructor(scope: Construct, props: ObservabilityStackProps) {
    super(scope, 'observability', 'dashboard, alarms and budget', props);
    const { ordering, api, analytics, events } = props;
    const functions = new Map<string, IFunction>(
      [...ordering.handlers, ...api.functions, ['compact', analytics.compact] as const].map(([name, one]) => [
        name,
        one.function,
      ]),
    );
    const watched: Watched = {
      apiId: api.httpApi.apiId,
      functions,
      jobsNamespace: this.#jobMetrics(props.processing),
    };
    const made = alarmsOf(this.config.stage).map((spec) => this.#alarm(spec, watched, events));
    const queueAlarms = Object.values(ordering.queues).flatMap(({ ageAlarm, deadLetter }) => [
      ageAlarm,
      deadLetter.alarm,
    ]);
    const dead = [ordering.deadEvents, ordering.deadChanges, events.undelivered, analytics.deadRuns];
    const dashboard = new Dashboard(this, 'Dashboard', { periodOverride: PeriodOverride.AUTO });
    const all = [...made, ...queueAlarms, ...dead.map((one) => one.alarm)];
    for (const row of dashboardRows({ ...watched, queues: ordering.queues, dead, alarms: all })) {
      dashboard.addWidgets(...row);
    }
    this.#budget(events);
    new CfnOutput(this, 'DashboardUrl', {
      value: `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboard.dashboardName}`,
      description: 'How it is going',
    });
  }
  #alarm(spec: AlarmSpec, watched: Watched, { operatorTopic }: Events): Alarm {
    const alarm = new Alarm(this, spec.id, {
      alarmDescription: `${spec.means} ${runbookSection(spec.section)}`,
      metric: spec.metric(watched),
      threshold: spec.threshold,
      evaluationPeriods: spec.periods,
      comparisonOperator: comparisonOf[spec.comparison],
      treatMissingData: missingOf(spec),
    });
    alarm.addAlarmAction(new SnsAction(operatorTopic));
    return alarm;
  }

  /** A child of a process job says in one line how it ended and how many chunks it made. @returns the namespace. */
  #jobMetrics({ jobLog }: Processing): string {
    const metricNamespace = `${METRIC_NAMESPACE}/${this.config.name}-${this.config.stage}`;
    new MetricFilter(this, 'Chunks', {
      logGroup: jobLog,
      metricNamespace,
      metricName: jobMetricNames.chunks,
      metricValue: '$.chunks',
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.step', '=', 'process'),
        FilterPattern.numberValue('$.chunks', '>', 0),
      ),
    });
    new MetricFilter(this, 'FailedJobs', {
      logGroup: jobLog,
      metricNamespace,
      metricName: jobMetricNames.failed,
      metricValue: '1',
      filterPattern: FilterPattern.stringValue('$.key', '=', 'Job:Run:Failed'),
    });
    return metricNamespace;
  }

  /**
   * Of the whole account: a budget by tag counts nothing until somebody activates the tag for cost allocation, and a
   * budget that counts nothing is worse than one that counts too much.
   */
  #budget({ operatorTopic }: Events): void {
    const notice = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'SNS', address: operatorTopic.topicArn }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: this.config.monthlyBudgetUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: [notice('ACTUAL', 80), notice('FORECASTED', 100)],
    });
  }
}

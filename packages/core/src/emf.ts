/** Units of CloudWatch that we use. */
export type MetricUnit = 'Count' | 'Seconds' | 'Milliseconds' | 'Bytes';

export interface MetricLine {
  readonly namespace: string;
  /** What tells one series from another; each combination is billed as a metric of its own. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, { readonly value: number; readonly unit: MetricUnit }>>;
  /** Unix milliseconds. */
  readonly timeMs: number;
}

/**
 * A line of CloudWatch's embedded metric format: written to a Lambda's log, it becomes metrics without a call. Written
 * out because it is this much; Powertools' Metrics is 60 kB.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine({ namespace, dimensions, values, timeMs }: MetricLine): string {
  const entries = Object.entries(values);
  return `${JSON.stringify({
    _aws: {
      Timestamp: timeMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: entries.map(([Name, { unit }]) => ({ Name, Unit: unit })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
  })}\n`;
}

import { expect, it } from 'vitest';
import { metricLine } from './emf.ts';

it('writes one line of the embedded metric format, each name with its value', () => {
  const line = metricLine({
    namespace: 'Swath',
    dimensions: { FunctionName: 'f', State: 'processing' },
    values: { OpenRequests: { value: 3, unit: 'Count' }, Age: { value: 1.5, unit: 'Seconds' } },
    timeMs: 1_767_225_600_000,
  });
  expect(line.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_767_225_600_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Swath',
          Dimensions: [['FunctionName', 'State']],
          Metrics: [
            { Name: 'OpenRequests', Unit: 'Count' },
            { Name: 'Age', Unit: 'Seconds' },
          ],
        },
      ],
    },
    FunctionName: 'f',
    State: 'processing',
    OpenRequests: 3,
    Age: 1.5,
  });
});

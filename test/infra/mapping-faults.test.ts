import { describe, expect, it } from 'vitest';
import { mappingFaults } from './support/mapping-faults.ts';

const bounded = {
  MaximumRetryAttempts: 3,
  MaximumRecordAgeInSeconds: 900,
  BisectBatchOnFunctionError: true,
  DestinationConfig: { OnFailure: { Destination: 'arn' } },
  FilterCriteria: { Filters: [{ Pattern: '{}' }] },
  MaximumBatchingWindowInSeconds: 5,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
};

describe('an event source mapping of a stream', () => {
  it('that gives up in time and says so has no fault', () => {
    expect(mappingFaults('stream', bounded)).toEqual([]);
  });

  it.each([
    ['MaximumRetryAttempts', undefined],
    ['MaximumRetryAttempts', -1],
    ['MaximumRetryAttempts', 10_000],
    ['MaximumRecordAgeInSeconds', undefined],
    ['MaximumRecordAgeInSeconds', -1],
    ['MaximumRecordAgeInSeconds', 86_400],
    ['BisectBatchOnFunctionError', false],
    ['DestinationConfig', undefined],
    ['FilterCriteria', undefined],
    ['FunctionResponseTypes', undefined],
  ])('is flagged for %s: %s', (name, value) => {
    const { [name as keyof typeof bounded]: _left, ...rest } = bounded;
    expect(mappingFaults('stream', value === undefined ? rest : { ...rest, [name]: value })).toEqual([name]);
  });

  it('of Lambda’s defaults is flagged for all of them', () => {
    expect(mappingFaults('stream', {}).length).toBe(Object.keys(bounded).length);
  });
});

describe('an event source mapping of a queue', () => {
  it('needs partial answers', () => {
    const { FunctionResponseTypes } = bounded;
    expect(mappingFaults('queue', { FunctionResponseTypes })).toEqual([]);
    expect(mappingFaults('queue', {})).toEqual(['FunctionResponseTypes']);
  });
});

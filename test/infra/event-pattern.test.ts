import { describe, expect, it } from 'vitest';
import { matchesPattern } from './support/event-pattern.ts';

/** Patterns and events of EventBridge's own documentation, or of its rules in words. */
describe('an event pattern', () => {
  const event = {
    source: 'aws.ec2',
    resources: ['arn:1', 'arn:2'],
    detail: { state: 'terminated', count: 0, none: null, deep: { index: 3 } },
  };
  it.each<[string, object, boolean]>([
    ['one of the values', { source: ['aws.batch', 'aws.ec2'] }, true],
    ['none of the values', { source: ['aws.batch'] }, false],
    ['all fields', { source: ['aws.ec2'], detail: { state: ['running'] } }, false],
    ['numbers and null as they are', { detail: { count: [0], none: [null] } }, true],
    ['a number is not its text', { detail: { count: ['0'] } }, false],
    ['one of a list', { resources: ['arn:2'] }, true],
    ['a field that is there', { detail: { deep: { index: [{ exists: true }] } } }, true],
    ['a field that must not be there', { detail: { deep: { index: [{ exists: false }] } } }, false],
    ['nothing below what is missing', { detail: { other: { index: [{ exists: false }] } } }, true],
    ['something below what is missing', { detail: { other: { index: [3] } } }, false],
    ['a beginning', { source: [{ prefix: 'aws.' }] }, true],
    ['another beginning', { source: [{ prefix: 'swath' }] }, false],
    ['anything but these', { detail: { state: [{ 'anything-but': ['running', 'stopped'] }] } }, true],
    ['anything but this', { detail: { state: [{ 'anything-but': 'terminated' }] } }, false],
  ])('matches %s', (_, pattern, matches) => {
    expect(matchesPattern(pattern, event)).toBe(matches);
  });

  it.each([
    { detail: 'x' },
    { source: [{ wildcard: '*' }] },
    { $or: [] },
    { source: [{ prefix: 'a', exists: true }] },
  ])('that is not understood is said so: %j', (pattern) => {
    expect(() => matchesPattern(pattern, event)).toThrow();
  });
});

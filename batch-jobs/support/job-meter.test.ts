import { describe, expect, it } from 'vitest';
import { jobMeter } from './job-meter.ts';

describe('the meter of a job', () => {
  it('says what was used since it was asked before, and together what the process used', () => {
    const { onRead, used } = jobMeter();
    onRead(100);
    onRead(20);
    const first = used();
    expect(first.readBytes).toBe(120);
    // Since the process began: before the meter was there.
    expect(first.seconds).toBeGreaterThan(0);
    expect(first.cpuSeconds).toBeGreaterThan(0);
    const second = used();
    expect(second.readBytes).toBe(0);
    expect(second.seconds).toBeLessThan(first.seconds);
    const { user, system } = process.cpuUsage();
    expect(first.cpuSeconds + second.cpuSeconds).toBeLessThanOrEqual((user + system) / 1e6 + 0.002);
  });
});

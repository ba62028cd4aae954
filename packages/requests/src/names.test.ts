import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DUE_SHARDS, JOB_SHARES } from './limits.ts';
import { jobName, parseJobName, shardOf, shareOfProject, stages } from './names.ts';

const id = '0199a1b2-0000-7000-8000-00000000000a';

describe('job names', () => {
  it('are read back as they were made', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.integer({ min: 1, max: 9999 }),
        fc.constantFrom(...stages),
        (requestId, n, stage) => {
          expect(parseJobName(jobName(requestId, n, stage))).toEqual({ requestId, attempt: n, stage });
        },
      ),
    );
  });

  it.each([
    '',
    'nightly-etl',
    `${id}-1`,
    `${id}-0-process`,
    `${id}-01-process`,
    `${id}-1-deploy`,
    `x${id}-1-process`,
  ])('of others are not ours: %s', (name) => {
    expect(parseJobName(name)).toBeUndefined();
  });

  it('of no text throw or take long', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void parseJobName(text)));
  });
});

it('ids fall into all shards, each always into the same', () => {
  const seen = new Set(Array.from({ length: 100 }, (_, i) => shardOf(`${id}${i}`)));
  expect([...seen].sort()).toEqual(Array.from({ length: DUE_SHARDS }, (_, i) => i));
  expect(shardOf(id)).toBe(shardOf(id));
});

describe('the share of a project', () => {
  it('is what Batch takes, always the same, and one of few enough', () => {
    const shares = new Set<string>();
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 128 }), (project) => {
        const share = shareOfProject(project);
        expect(share).toMatch(/^[a-z]+[0-9]{1,3}$/);
        expect(shareOfProject(project)).toBe(share);
        shares.add(share);
      }),
      { numRuns: 5000 },
    );
    expect(shares.size).toBeGreaterThan(JOB_SHARES / 2);
    expect(shares.size).toBeLessThanOrEqual(JOB_SHARES);
  });
});

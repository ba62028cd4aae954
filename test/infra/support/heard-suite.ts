import { finalStates, isFinal, requestStates } from '@swath/requests';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { matchesPattern } from './event-pattern.ts';
import type { Machine } from './machine.ts';
import type { RecordedCall } from './recorder.ts';

const jobEvent = z.looseObject({
  detail: z.looseObject({
    status: z.string(),
    jobQueue: z.string(),
    arrayProperties: z.looseObject({ index: z.int().optional() }).optional(),
  }),
});

const putEvents = z.looseObject({
  Entries: z.array(z.looseObject({ Source: z.string(), DetailType: z.string(), Detail: z.string() })),
});
const detail = z.looseObject({ to: z.string(), requestId: z.string(), project: z.string() });

const bucketPolicy = z.looseObject({
  Bucket: z.string(),
  PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string().optional() })) }),
});
const rolePolicy = z.looseObject({
  PolicyDocument: z.looseObject({
    Statement: z.array(
      z.looseObject({
        Action: z.union([z.string(), z.array(z.string())]),
        Condition: z.record(z.string(), z.looseObject({})).optional(),
      }),
    ),
  }),
});

/** What functions put on the bus, as rules see it. */
function busEventsOf(calls: readonly RecordedCall[]) {
  return calls
    .filter(({ service, header }) => service === 'events' && header('x-amz-target') === 'AWSEvents.PutEvents')
    .flatMap(({ body }) => putEvents.parse(body).Entries)
    .map(({ Source, DetailType, Detail }) => ({
      source: Source,
      'detail-type': DetailType,
      detail: detail.parse(JSON.parse(Detail)),
    }));
}

/** What listens to our own bus: its rules and its archive, with their patterns. */
function busRulesOf({ assembly, account }: Machine) {
  return assembly.resources.flatMap(({ type, stack, properties }) => {
    if (type !== 'AWS::Events::Rule' && type !== 'AWS::Events::Archive') return [];
    const { EventBusName, EventPattern } = z
      .looseObject({ EventBusName: z.string().optional(), EventPattern: z.unknown().optional() })
      .parse(account.resolve(stack, properties));
    return type === 'AWS::Events::Rule' && EventBusName === undefined
      ? []
      : [{ type, pattern: EventPattern }];
  });
}

/** After requests went through: each event of Batch and of ours against the patterns of the templates. */
export function heardSuite(running: () => Machine): void {
  it('hear of jobs by the rules of the templates, and of what they said themselves the right rules hear', () => {
    const machine = running();
    const heard = machine.passed.filter(({ rules }) => rules > 0).map(({ event }) => jobEvent.parse(event));
    expect(heard.length).toBe(2 * machine.jobs.length);
    expect(machine.passed.length).toBe(7 * machine.jobs.length);
    for (const { detail } of heard) {
      expect(['RUNNING', 'SUCCEEDED']).toContain(detail.status);
      expect(detail.arrayProperties?.index).toBeUndefined();
      expect(detail.jobQueue).not.toContain('of-others');
    }
    const sent = busEventsOf([...machine.recorders.values()].flatMap(({ calls }) => calls));
    const rules = busRulesOf(machine);
    // Every rule of the bus and its archive hears some of it; the archive all, the rule of ends what has ended.
    expect(rules.map(({ type }) => type).sort()).toEqual(['AWS::Events::Archive', 'AWS::Events::Rule']);
    const ends: readonly string[] = finalStates;
    for (const event of sent) {
      for (const { type, pattern } of rules) {
        const wanted = type === 'AWS::Events::Archive' || ends.includes(event.detail.to);
        expect(matchesPattern(pattern, event), `${type} ${event.detail.to}`).toBe(wanted);
      }
    }
    const told = new Set(sent.map(({ detail }) => detail.to));
    expect([...told]).toEqual(expect.arrayContaining(['ordering', 'processing', 'succeeded', 'cancelled']));
    const [ended] = rules.filter(({ type }) => type === 'AWS::Events::Rule');
    for (const to of requestStates) {
      const event = { ...sent[0], detail: { ...sent[0]?.detail, to } };
      expect(matchesPattern(ended?.pattern, event), to).toBe(isFinal(to));
    }
  });

  it('meet the conditions of policies: what is created under results/ is created only if it is not there', () => {
    const { assembly, account, recorders } = running();
    const bucketOf = (path: string) => path.split('/')[1] ?? '';
    const guarded = assembly.resources
      .filter(({ type }) => type === 'AWS::S3::BucketPolicy')
      .map(({ stack, properties }) => bucketPolicy.parse(account.resolve(stack, properties)))
      .filter(({ PolicyDocument }) => PolicyDocument.Statement.some(({ Sid }) => Sid === 'WrittenOnce'))
      .map(({ Bucket }) => Bucket);
    expect(guarded).toHaveLength(1);
    const creations = [...recorders.values()]
      .flatMap(({ calls }) => calls)
      .filter(({ service, path }) => service === 's3' && guarded.includes(bucketOf(path)))
      .filter(({ path }) => path.split('/')[2] === 'results')
      // `s3:ObjectCreationOperation`: a put of a whole object, and the end of an upload in parts.
      .filter(({ method, query }) =>
        method === 'PUT'
          ? !query.has('partNumber') && !query.has('tagging')
          : method === 'POST' && query.has('uploadId'),
      );
    expect(creations.length).toBeGreaterThan(4);
    for (const { path, header } of creations) expect(header('if-none-match'), path).toBe('*');
    // Roles have one condition, of mounts: no call of ours could miss another.
    const conditions = assembly.resources
      .filter(({ type }) => type === 'AWS::IAM::Policy')
      .flatMap(({ properties }) => rolePolicy.parse(properties).PolicyDocument.Statement)
      .filter(({ Condition }) => Condition !== undefined);
    expect(conditions.length).toBeGreaterThan(0);
    for (const { Action, Condition } of conditions) {
      expect(Object.keys(Condition?.['StringEquals'] ?? {})).toEqual(['elasticfilesystem:AccessPointArn']);
      expect([Action].flat().every((action) => action.startsWith('elasticfilesystem:'))).toBe(true);
    }
  });
}

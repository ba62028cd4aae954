import { headKey, outboxKey } from '@swath/requests/store/keys';
import { CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { contract as relay } from '../../../lambdas/relay/contract.ts';
import { workQueues } from '../../../lib/work-queues.ts';
import { matchesPattern } from './event-pattern.ts';
import { mappingFaults } from './mapping-faults.ts';
import type { Synthesised, Variants } from './synthesise.ts';
import { at, recordOf, refOf, statementsOf, stringsOf } from './walk.ts';

export function machineSuite(variants: Variants): void {
  describe.each(variants)('%s: queues', (_, app) => {
    const queues = app.resources('AWS::SQS::Queue');
    const deadLetters = new Set(
      [...queues.values()].flatMap(
        ({ Properties }) => refOf(at(Properties, 'RedrivePolicy', 'deadLetterTargetArn')) ?? [],
      ),
    );
    const alarms = [...app.resources('AWS::CloudWatch::Alarm').values()];
    const alarmsOf = (id: string) =>
      alarms.filter(({ Properties }) => stringsOf(Properties['Dimensions']).includes(id.split('/')[1] ?? ''));

    it('have dead-letter queues, or are some', () => {
      for (const [id, { Properties }] of queues) {
        const isDead =
          deadLetters.has(id.split('/')[1] ?? '') || /Undelivered|DeadEvents|DeadRuns|DeadChanges/.test(id);
        expect(isDead || Properties['RedrivePolicy'] !== undefined, id).toBe(true);
        if (isDead) expect(Properties['MessageRetentionPeriod'], id).toBe(14 * 86_400);
      }
      expect(deadLetters.size).toBe(workQueues.length);
    });

    it('have alarms that name their section of the runbook and tell the operator', () => {
      for (const id of queues.keys()) expect(alarmsOf(id).length, id).toBeGreaterThan(0);
      for (const { Properties } of alarms) {
        expect(Properties['AlarmDescription']).toMatch(/docs\/runbook\.md#[a-z-]+$/);
        expect(Properties['AlarmActions']).toHaveLength(1);
      }
    });

    it('refuse what does not come over TLS', () => {
      const policies = [...app.resources('AWS::SQS::QueuePolicy').values()];
      for (const id of queues.keys()) {
        const policy = policies.find((one) =>
          stringsOf(one.Properties['Queues']).includes(id.split('/')[1] ?? ''),
        );
        const denied = policy === undefined ? [] : statementsOf(policy);
        expect(
          denied.some(({ Condition }) => at(Condition, 'Bool', 'aws:SecureTransport') === 'false'),
          id,
        ).toBe(true);
      }
    });

    it('feed handlers with partial answers and six times their time', () => {
      const mappings = [...app.resources('AWS::Lambda::EventSourceMapping')].filter(
        ([, { Properties }]) => sourceOf(app, Properties) === 'queue',
      );
      expect(mappings).toHaveLength(workQueues.length);
      for (const [id, { Properties }] of mappings) {
        const queue = app.templates['ordering']?.Resources[refOf(Properties['EventSourceArn']) ?? ''];
        const handler = app.templates['ordering']?.Resources[refOf(Properties['FunctionName']) ?? ''];
        const timeout = Number(handler?.Properties['Timeout']);
        expect(Number(queue?.Properties['VisibilityTimeout']), id).toBeGreaterThanOrEqual(6 * timeout);
      }
    });

    it('and the stream feed handlers that no bad message or record stops for ever', () => {
      for (const [id, { Properties }] of app.resources('AWS::Lambda::EventSourceMapping')) {
        expect(mappingFaults(sourceOf(app, Properties), Properties), id).toEqual([]);
      }
    });
  });

  describe.each(variants)('%s: the stream of the table', (_, app) => {
    const mappings = [...app.resources('AWS::Lambda::EventSourceMapping').values()].filter(
      ({ Properties }) => sourceOf(app, Properties) === 'stream',
    );
    const [mapping] = mappings;

    it('has one reader, which sees what is new in the outbox, in small batches of what is over', () => {
      expect(mappings).toHaveLength(1);
      expect(stringsOf(mapping?.Properties['FunctionName']).join()).toMatch(/^relay/);
      expect(mapping?.Properties).toMatchObject({
        StartingPosition: 'LATEST',
        BatchSize: relay.batchSize,
        MaximumBatchingWindowInSeconds: relay.windowS,
      });
      const pattern = JSON.parse(String(at(mapping?.Properties, 'FilterCriteria', 'Filters', 0, 'Pattern')));
      expect(pattern).toEqual(relay.filter);
      const change = (eventName: string, pk: string) => ({
        eventName,
        dynamodb: { Keys: { pk: { S: pk }, sk: { S: 'x' } } },
      });
      expect(matchesPattern(pattern, change('INSERT', outboxKey('id', 'x').pk))).toBe(true);
      expect(matchesPattern(pattern, change('MODIFY', outboxKey('id', 'x').pk))).toBe(false);
      expect(matchesPattern(pattern, change('REMOVE', outboxKey('id', 'x').pk))).toBe(false);
      expect(matchesPattern(pattern, change('INSERT', headKey('id').pk))).toBe(false);
    });

    it('has a queue for what was given up, with an alarm and a section of the runbook', () => {
      const destination = at(mapping?.Properties, 'DestinationConfig', 'OnFailure', 'Destination');
      const queue = refOf(destination) ?? '';
      expect(app.templates['ordering']?.Resources[queue]).toMatchObject({
        Type: 'AWS::SQS::Queue',
        Properties: { MessageRetentionPeriod: 14 * 86_400 },
      });
      const said = [...app.resources('AWS::CloudWatch::Alarm').values()]
        .filter(({ Properties }) => stringsOf(Properties['Dimensions']).includes(queue))
        .map(({ Properties }) => String(Properties['AlarmDescription']));
      expect(said).toEqual([expect.stringMatching(/#stream-failures$/)]);
    });
  });

  describe.each(variants)('%s: Lambdas', (_, app) => {
    /** Of the CDK itself: empties buckets when they are deleted. */
    const ours = [...app.resources('AWS::Lambda::Function')].filter(([id]) => !id.includes('Custom'));

    it('run on Node 24, log JSON to a group that expires, on the configured processor', () => {
      const architecture = app.stage.storage.config.compute.architecture;
      expect(ours.length).toBeGreaterThanOrEqual(workQueues.length + 2);
      for (const [id, { Properties }] of ours) {
        expect(Properties, id).toMatchObject({ Runtime: 'nodejs24.x', Architectures: [architecture] });
        expect(at(Properties, 'LoggingConfig', 'LogFormat'), id).toBe('JSON');
        expect(refOf(at(Properties, 'LoggingConfig', 'LogGroup')), id).toBeDefined();
      }
      for (const [id, { Properties }] of app.resources('AWS::Logs::LogGroup')) {
        expect(Properties['RetentionInDays'], id).toBe(app.stage.storage.config.logGroupDays);
      }
    });

    it('of the machine have exactly the variables of their contract', () => {
      const machine = ours.filter(([id]) => id.startsWith('ordering/'));
      expect(machine).toHaveLength(app.stage.ordering.handlers.size);
      for (const [id, { Properties }] of machine) {
        const names = Object.keys(recordOf(at(Properties, 'Environment', 'Variables')));
        const [handler] = [...app.stage.ordering.handlers.values()].filter(
          ({ function: made }) => app.stage.ordering.getLogicalId(elementOf(made)) === id.split('/')[1],
        );
        expect(handler, id).toBeDefined();
        expect(names.sort(), id).toEqual(Object.keys(handler?.contract.environment.shape ?? {}).sort());
      }
    });
  });

  describe.each(variants)('%s: roles', (_, app) => {
    /** Of our own making: the CDK's function that copies the site's files at deploy time has AWS's role. */
    const ours = (type: string) =>
      [...app.resources(type)].filter(([id]) => !id.startsWith('delivery/CustomCDKBucketDeployment'));

    const written = [...ours('AWS::IAM::Policy'), ...ours('AWS::IAM::ManagedPolicy')];

    /** Where AWS knows no resource to name. */
    const anywhere = new Set(['batch:ListJobs', 'batch:DescribeJobs', 'ecr:GetAuthorizationToken']);

    it('name what they are for: no resource is a star outside the list', () => {
      const policies = [...written, ...ours('AWS::IAM::Role')];
      for (const [id, policy] of policies) {
        for (const { Action, Resource } of statementsOf(policy)) {
          if (Resource?.includes('*'))
            expect(
              Action.filter((action) => !anywhere.has(action)),
              id,
            ).toEqual([]);
        }
      }
    });

    it('name actions in full', () => {
      for (const [id, policy] of written) {
        for (const { Action } of statementsOf(policy)) {
          expect(
            Action.filter((action) => action.includes('*')),
            id,
          ).toEqual([]);
          expect(Action, id).not.toContain('iam:PassRole');
        }
      }
    });

    it('of objects end at a prefix, never at a bucket', () => {
      for (const [id, policy] of written) {
        for (const { Action, Resource = [] } of statementsOf(policy)) {
          if (!Action.some((action) => /^s3:(Get|Put|Delete)Object/.test(action))) continue;
          for (const one of Resource) {
            const tail = stringsOf(at(one, 'Fn::Join')).at(-1);
            expect(tail, `${id} ${JSON.stringify(one)}`).toMatch(
              /^\/(manifests|manifests\/(zones|tables)|staging|scenes|results|requests|request_events|statistics|usage|pictures|uploads|quarantine|athena)\/\*$/,
            );
          }
        }
      }
    });

    it('delete no object, but for small files that were merged, and uploads', () => {
      // People delete what they brought; the check and the sweep, what they refuse or nobody completed.
      const mayDelete = /^(analytics\/compact|ordering\/(uploads|reconcile)Role|api\/FunctionRole)/;
      const texts = written
        .filter(([id]) => !mayDelete.test(id))
        .flatMap(([, policy]) => statementsOf(policy).flatMap(({ Action }) => Action));
      expect(texts.filter((action) => action.startsWith('s3:Delete'))).toEqual([]);
    });
  });
}

function elementOf(made: IConstruct): CfnElement {
  const child = made.node.defaultChild;
  if (!(child instanceof CfnElement)) throw new Error('no element');
  return child;
}

/** A mapping takes from a queue of its own stack; the only other source is the table's stream. */
function sourceOf({ templates }: Synthesised, properties: unknown): 'queue' | 'stream' {
  const source = templates['ordering']?.Resources[refOf(at(properties, 'EventSourceArn')) ?? ''];
  return source?.Type === 'AWS::SQS::Queue' ? 'queue' : 'stream';
}
